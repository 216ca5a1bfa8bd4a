using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

/// <summary>Starts instances by HTTP requests, or waits for one.</summary>
internal sealed class HttpEndpoint() : Activity(new(HttpEndpointRules.EndpointType, new("HTTP Endpoint", "Точка HTTP"), HttpContent.Category)
{
    Kind = "Trigger",
    Description = new("Starts the workflow by an HTTP request, or waits for one.", "Запускает процесс по запросу HTTP или ждёт такого запроса."),
    Inputs =
    [
        new("Path", "String", new("Path", "Путь")) { Prefix = HttpEndpointRules.BasePath + "/", Description = new("Relative path, for example orders/{id}.", "Относительный путь, например orders/{id}.") },
        new("SupportedMethods", "List<String>", new("Supported Methods", "Методы")) { UIHint = "checklist", Default = Usual, DefaultSyntax = "Object", Options = [.. Methods.Select(method => (method, new Text(method, method)))], Description = new("Methods of the requests.", "Методы запросов.") },
        new("Authorize", "Boolean", new("Authorize", "Требовать вход")) { UIHint = "checkbox", Category = HttpContent.Security, Description = new("Only for those who have signed in, whatever the server allows.", "Только для вошедших, что бы ни разрешал сервер.") },
        new("Policy", "String", new("Policy", "Политика")) { Category = HttpContent.Security, Description = new("The server's policy that the caller must meet.", "Политика сервера, которой должен отвечать вызывающий.") },
        new("RequestTimeout", "TimeSpan", new("Request Timeout", "Время на ответ")) { Category = HttpContent.Upload, Description = new("How long the caller waits for the response.", "Сколько вызывающий ждёт ответа.") },
        new("RequestSizeLimit", "Int64", new("Request Size Limit", "Размер запроса")) { Category = HttpContent.Upload, Description = new("Most bytes of the body.", "Наибольший размер тела в байтах.") },
        new("FileSizeLimit", "Int64", new("File Size Limit", "Размер файла")) { Category = HttpContent.Upload, Description = new("Most bytes of one file.", "Наибольший размер одного файла в байтах.") },
        new("AllowedFileExtensions", "List<String>", new("Allowed File Extensions", "Разрешённые расширения")) { UIHint = "multitext", DefaultSyntax = "Object", Category = HttpContent.Upload },
        new("BlockedFileExtensions", "List<String>", new("Blocked File Extensions", "Запрещённые расширения")) { UIHint = "multitext", DefaultSyntax = "Object", Category = HttpContent.Upload },
        new("AllowedMimeTypes", "List<String>", new("Allowed Mime Types", "Разрешённые типы MIME")) { UIHint = "multitext", DefaultSyntax = "Object", Category = HttpContent.Upload },
        Expose("ExposeRequestTooLargeOutcome", new("Expose Request Too Large Outcome", "Исход «слишком большой запрос»")),
        Expose("ExposeFileTooLargeOutcome", new("Expose File Too Large Outcome", "Исход «слишком большой файл»")),
        Expose("ExposeInvalidFileExtensionOutcome", new("Expose Invalid File Extension Outcome", "Исход «недопустимое расширение»")),
        Expose("ExposeInvalidFileMimeTypeOutcome", new("Expose Invalid File Mime Type Outcome", "Исход «недопустимый тип MIME»")),
    ],
    Outputs =
    [
        new("ParsedContent", "Object", new("Parsed Content", "Разобранное тело")), new("Files", "FormFile[]", new("Files", "Файлы")), new("File", "FormFile", new("File", "Файл")),
        new("RouteData", "ObjectDictionary", new("Route Data", "Параметры пути")), new("QueryStringData", "ObjectDictionary", new("Query String Data", "Параметры запроса")),
        new("Headers", "ObjectDictionary", new("Headers", "Заголовки")), new("Result", "HttpRequest", new("Result", "Результат")),
    ],
})
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "HEAD", "DELETE"], Usual = ["GET"];

    /// <summary>Refusals with an outcome of their own: the flags are written naked.</summary>
    public override object? Compile(NodeSource source) => Enum.GetValues<HttpRefusal>().Where(refusal => source.Json.Flag($"expose{refusal}Outcome")).ToArray();

    public override IEnumerable<Trigger> Triggers(TriggerSource source)
    {
        var rules = Rules(source.Node, source.Input<string>, source.Input<object>);
        return Stimuli(rules, source.Input<object>("SupportedMethods")).Select(stimulus => new Trigger(source.Node.Id, Descriptor.TypeName, stimulus, Tag: rules.ToJson()));
    }

    public override void Execute(Activation activation)
    {
        var run = ((Execution)activation).TurnOf;
        if (run.IsFiring(activation.Node))
        {
            Take(activation, run.Input.GetValueOrDefault(HttpEndpointRules.RequestInput) as HttpRequestReceived);
            return;
        }
        var rules = Rules(activation.Node, activation.Input<string>, activation.Input<object>);
        foreach (var stimulus in Stimuli(rules, activation.Input<object>("SupportedMethods")))
            activation.Wait(Descriptor.TypeName, stimulus, tag: rules.ToJson());
    }

    // Completing burns the bookmarks of the other methods too.
    public override void Resume(Activation activation, Bookmark bookmark, object? input) => Take(activation, input as HttpRequestReceived);

    private static void Take(Activation activation, HttpRequestReceived? request)
    {
        if (request is null)
        {
            activation.Complete();
            return;
        }
        activation.Instance.HttpRequest = request.Id;
        activation.Output("Result", new Dictionary<string, object?> { ["method"] = request.Method, ["path"] = request.Path, ["query"] = request.Query, ["headers"] = request.Headers });
        activation.Output("RouteData", request.RouteData);
        activation.Output("QueryStringData", request.Query);
        activation.Output("Headers", request.Headers);
        activation.Output("ParsedContent", request.Body);
        var files = request.Files.Select(file => (object?)new Dictionary<string, object?> { ["name"] = file.Name, ["fileName"] = file.FileName, ["contentType"] = file.ContentType, ["length"] = file.Content.Length, ["content"] = file.Content }).ToList();
        activation.Output("Files", files);
        activation.Output("File", files.FirstOrDefault());
        activation.Complete(request.Refusal is { } refusal ? OutcomeOf(refusal) : Outcomes.Done);
    }

    private static string OutcomeOf(HttpRefusal refusal) => refusal switch
    {
        HttpRefusal.RequestTooLarge => "Request too large",
        HttpRefusal.FileTooLarge => "File too large",
        HttpRefusal.InvalidFileExtension => "Invalid file extension",
        _ => "Invalid file MIME type",
    };

    private static HttpEndpointRules Rules(Node node, Func<string, string?> text, Func<string, object?> value)
    {
        if (text("Path") is not { Length: > 0 } path)
            throw new FaultException("Trigger should have a payload: the endpoint has no path.");
        return new HttpEndpointRules(RouteTemplate.Parse(path).Text)
        {
            Authorize = Conversion.To<bool>(value("Authorize")), Policy = text("Policy") is { Length: > 0 } policy ? policy : null,
            RequestTimeout = Conversion.To<TimeSpan?>(value("RequestTimeout")) is { Ticks: > 0 } timeout ? timeout : null,
            RequestSizeLimit = Conversion.To<long?>(value("RequestSizeLimit")), FileSizeLimit = Conversion.To<long?>(value("FileSizeLimit")),
            AllowedFileExtensions = Texts("AllowedFileExtensions"), BlockedFileExtensions = Texts("BlockedFileExtensions"), AllowedMimeTypes = Texts("AllowedMimeTypes"),
            Outcomes = node.Plan is HttpRefusal[] { Length: > 0 } exposed ? exposed : null,
        };

        IReadOnlyList<string>? Texts(string name) => Lists.Texts(value(name)) is { Count: > 0 } texts ? texts : null;
    }

    private static IEnumerable<string> Stimuli(HttpEndpointRules rules, object? methods)
    {
        var texts = Lists.Texts(methods);
        return from method in texts.Count == 0 ? Usual : texts.Distinct(StringComparer.OrdinalIgnoreCase) from shape in RouteTemplate.Parse(rules.Template).Shapes select HttpEndpointRules.StimulusOf(method.Trim(), shape);
    }

    private static InputDescriptor Expose(string name, Text title) => new(name, "Boolean", title) { UIHint = "checkbox", IsWrapped = false, Category = HttpContent.OutcomesTab };
}

/// <summary>Answers the HTTP request that the instance took last. It completes when the response is on its way; a request that nobody waits for any more faults.</summary>
internal abstract class HttpAnswering(ActivityDescriptor descriptor) : Activity(descriptor)
{
    private const string Lost = "The HTTP context was lost during workflow execution: no request waits for this response. The instance was not started by a request, has answered it already, or took longer than the caller waits.";

    public override void Execute(Activation activation)
    {
        if (activation.Instance.HttpRequest is not { } request)
            throw new FaultException(Lost, category: "HTTP");
        activation.Effect(Response(activation, request), activation.Wait(Descriptor.TypeName));
    }

    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        activation.Instance.HttpRequest = null;
        if (input is false)
            throw new FaultException(Lost, category: "HTTP");
        activation.Complete();
    }

    protected abstract HttpResponseWritten Response(Activation activation, string request);
}

internal sealed class WriteHttpResponse() : HttpAnswering(new("Elsa.WriteHttpResponse", new("HTTP Response", "Ответ HTTP"), HttpContent.Category)
{
    Description = new("Answers the HTTP request.", "Отвечает на запрос HTTP."),
    Inputs =
    [
        new("StatusCode", "HttpStatusCode", new("Status Code", "Код состояния")) { UIHint = "dropdown", Default = "OK", Options = [.. Enum.GetNames<System.Net.HttpStatusCode>().Select(name => (name, new Text(name, name)))], Description = new("Name or number.", "Имя или число.") },
        new("Content", "Object", new("Content", "Содержимое")) { Description = new("Text as it is, anything else as JSON.", "Текст как есть, остальное — JSON.") },
        new("ContentType", "String", new("Content Type", "Тип содержимого")) { UIHint = "dropdown", Options = [.. HttpContent.Types], Description = new("Chosen by the content when empty.", "Если пусто, определяется по содержимому.") },
        new("ResponseHeaders", "HttpHeaders", new("Response Headers", "Заголовки ответа")) { UIHint = "json-editor", DefaultSyntax = "Object", Category = HttpContent.Advanced, Description = new("A dictionary of names and values.", "Словарь имён и значений.") },
    ],
})
{
    protected override HttpResponseWritten Response(Activation activation, string request)
    {
        var content = activation.Input<object>("Content");
        var type = activation.Input<string>("ContentType") is { Length: > 0 } given ? given : null;
        return new HttpResponseWritten(request, HttpContent.Status(activation.Input<object>("StatusCode")), content is null ? type : type ?? HttpContent.TypeOf(content),
            HttpContent.Headers(activation.Input<object>("ResponseHeaders")), content is null ? [] : HttpContent.Encode(content, type));
    }
}

/// <summary>Answers with a file: bytes, a text, what another activity downloaded or received, or a list of these as a ZIP.</summary>
internal sealed class WriteFileHttpResponse() : HttpAnswering(new("Elsa.WriteFileHttpResponse", new("HTTP File Response", "Файл в ответ HTTP"), HttpContent.Category)
{
    Description = new("Answers the HTTP request with a file.", "Отвечает на запрос HTTP файлом."),
    Inputs =
    [
        new("ContentType", "String", new("Content Type", "Тип содержимого")) { Description = new("Chosen by the file when empty.", "Если пусто, берётся у файла.") },
        new("Filename", "String", new("Filename", "Имя файла")) { Description = new("Chosen by the file when empty.", "Если пусто, берётся у файла.") },
        new("EntityTag", "String", new("Entity Tag", "Метка ETag")) { Description = new("Identifies this state of the file.", "Обозначает это состояние файла.") },
        new("Content", "Object", new("Content", "Содержимое")) { Description = new("Bytes, text, a file, or a list of files (a ZIP).", "Байты, текст, файл или список файлов (ZIP).") },
        new("EnableResumableDownloads", "Boolean", new("Enable Resumable Downloads", "Докачка")) { UIHint = "checkbox", Description = new("Parts of the file may be asked for.", "Можно запрашивать части файла.") },
        new("DownloadCorrelationId", "String", new("Download Correlation Id", "Ключ загрузки")) { Description = new("Read and kept; each download is made anew.", "Читается и сохраняется; файл готовится заново.") },
    ],
})
{
    protected override HttpResponseWritten Response(Activation activation, string request)
    {
        var files = Files(activation.Input<object>("Content") ?? throw new FaultException("The file response has no content.", category: "HTTP"));
        if (files.Count == 0)
            throw new FaultException("The file response has an empty list of files.", category: "HTTP");
        var one = files.Count == 1 ? files[0] : new DownloadedFile("download.zip", "application/zip", HttpContent.Zip([.. Named(files)], activation.Now));
        return new HttpResponseWritten(request, 200, Given("ContentType") ?? one.ContentType, new Dictionary<string, string[]>(), one.Content)
        {
            FileName = Given("Filename") ?? one.FileName, EntityTag = Given("EntityTag"), Ranges = activation.Input<bool>("EnableResumableDownloads"),
        };

        string? Given(string name) => activation.Input<string>(name) is { Length: > 0 } text ? text : null;
    }

    private static List<DownloadedFile> Files(object content) =>
        content is System.Collections.IEnumerable list and not (string or byte[]) && Json.Members(content) is null ? [.. list.Cast<object?>().OfType<object>().Select(DownloadedFile.Of)] : [DownloadedFile.Of(content)];

    /// <summary>Equal names get a number, so that no file is lost in the ZIP.</summary>
    private static IEnumerable<(string, byte[])> Named(IReadOnlyList<DownloadedFile> files)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            var name = file.FileName;
            for (var n = 2; !taken.Add(name); n++)
                name = $"{Path.GetFileNameWithoutExtension(file.FileName)} ({n}){Path.GetExtension(file.FileName)}";
            yield return (name, file.Content);
        }
    }
}

/// <summary>A file as instances hold it: a dictionary with its name, type and content.</summary>
internal sealed record DownloadedFile(string FileName, string ContentType, byte[] Content)
{
    public const string Unnamed = "file.bin";

    public static DownloadedFile Of(object value)
    {
        if (Json.Members(value)?.ToDictionary(member => member.Key, member => member.Value, StringComparer.OrdinalIgnoreCase) is not { } members)
            return new DownloadedFile(Unnamed, value is string ? HttpContent.TypeOf(value) : HttpContent.Bytes, value is string text ? System.Text.Encoding.UTF8.GetBytes(text) : value as byte[] ?? HttpContent.Encode(value, null));
        // What was remembered between turns comes back as base64.
        var content = Conversion.To<byte[]>(members.GetValueOrDefault("content")) ?? throw new FaultException("A file needs a 'content' of bytes or base64.", category: "HTTP");
        return new DownloadedFile(SafeName(members.GetValueOrDefault("fileName") as string) ?? Unnamed, members.GetValueOrDefault("contentType") as string ?? HttpContent.Bytes, content);
    }

    public Dictionary<string, object?> ToValue() => new() { ["fileName"] = FileName, ["contentType"] = ContentType, ["length"] = Content.Length, ["content"] = Content };

    /// <summary>A name without any folder, and without what no file system takes.</summary>
    public static string? SafeName(string? name)
    {
        var last = name?.Split('/', '\\')[^1];
        var clean = last is null ? null : string.Concat(last.Where(letter => !char.IsControl(letter) && letter is not ('"' or '<' or '>' or ':' or '|' or '?' or '*'))).Trim('.', ' ');
        return string.IsNullOrEmpty(clean) ? null : clean;
    }
}
