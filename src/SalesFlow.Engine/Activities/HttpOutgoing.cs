using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

/// <summary>Sends an HTTP request after the turn is committed and waits for what comes of it.</summary>
internal abstract class HttpSending(ActivityDescriptor descriptor) : Activity(descriptor with { Kind = "Task", Category = HttpContent.Category })
{
    protected static readonly int[] Ok = [200];
    protected const string Unmatched = "Unmatched status code", NoConnection = "Failed to connect", Timeout = "Timeout";

    public static readonly InputDescriptor
        Address = new("Url", "Uri", new("Url", "Адрес")) { Description = new("An absolute http or https address.", "Полный адрес http или https.") },
        Method = new("Method", "String", new("Method", "Метод")) { UIHint = "dropdown", Default = "GET", Options = Names("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD") },
        Body = new("Content", "Object", new("Content", "Содержимое")) { Description = new("Sent when there is a content type too.", "Отправляется, если указан и тип содержимого.") },
        BodyType = new("ContentType", "String", new("Content Type", "Тип содержимого")) { UIHint = "dropdown", Options = [.. HttpContent.Types] },
        Authorization = new("Authorization", "String", new("Authorization", "Авторизация")) { IsSensitive = true, Category = HttpContent.Security, Description = new("The Authorization header; not shown in the journal.", "Заголовок Authorization; в журнал не попадает.") },
        Unchecked = new("DisableAuthorizationHeaderValidation", "Boolean", new("Disable Authorization Header Validation", "Не проверять заголовок авторизации")) { UIHint = "checkbox", Category = HttpContent.Security },
        MoreHeaders = new("RequestHeaders", "HttpHeaders", new("Request Headers", "Заголовки запроса")) { UIHint = "json-editor", DefaultSyntax = "Object", IsSensitive = true, Category = HttpContent.Advanced, Description = new("A dictionary of names and values; not shown in the journal, because keys are sent in headers.", "Словарь имён и значений; в журнал не попадает: в заголовках передают ключи.") },
        Resilient = new("EnableResiliency", "Boolean", new("Enable Resiliency", "Повторять при сбоях")) { UIHint = "checkbox" };

    private sealed record Resilience(string? StrategyId, Expression? Rules);

    /// <summary>Which of the host's statuses are followed by a repetition is the strategy's; which strategy is the node's.</summary>
    public override object? Compile(NodeSource source)
    {
        if (source.Json.Member("customProperties")?.Member("resilienceStrategy") is not { ValueKind: JsonValueKind.Object } strategy)
            return null;
        return strategy.Text("mode") == "Expression"
            ? new Resilience(null, strategy.Member("expression") is { } expression ? source.Expression(expression) : null)
            : new Resilience(strategy.Text("strategyId"), null);
    }

    public override void Execute(Activation activation)
    {
        var url = activation.Input<Uri>(Address.Name);
        if (url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            throw new FaultException($"'{url}' is no address to send a request to; expected an absolute one such as https://example.com/orders.", category: "HTTP");
        var (content, type) = (activation.Input<object>(Body.Name), Text(activation, BodyTypeName));
        var hasBody = content is not null && type is not null;
        var request = new HttpRequestSent(url.AbsoluteUri, Text(activation, Method.Name)?.ToUpperInvariant() ?? "GET", hasBody ? HttpContent.Encode(content!, type) : null, hasBody ? type : null,
            AuthorizationOf(activation), HttpContent.Headers(activation.Input<object>(MoreHeaders.Name))) { IsDownload = IsDownload };
        activation.Effect(WithRetry(activation, request), activation.Wait(Descriptor.TypeName));
    }

    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        switch (input)
        {
            case HttpSendAnswer.Response response:
                Show(activation, response);
                Answered(activation, response);
                break;
            case HttpSendAnswer.FailedToConnect:
                Failed(activation, NoConnection);
                break;
            case HttpSendAnswer.TimedOut:
                Failed(activation, Timeout);
                break;
            case HttpSendAnswer.Refused refused:
                throw new FaultException(refused.Reason, category: "HTTP");
            default:
                activation.Complete();
                break;
        }
    }

    /// <summary>Name of the input with the media type; the download calls it otherwise.</summary>
    protected virtual string BodyTypeName => BodyType.Name;
    /// <summary>A file is expected.</summary>
    protected virtual bool IsDownload => false;
    /// <summary>What the retry strategy was read into, beside a plan of the activity's own.</summary>
    protected virtual object? StrategyOf(Node node) => node.Plan;

    /// <summary>Sets the outputs of an answer.</summary>
    protected virtual void Show(Activation activation, HttpSendAnswer.Response response)
    {
        var parsed = HttpContent.Decode(response.Content, response.ContentType);
        activation.Output("Result", Message(response));
        activation.Output("StatusCode", response.StatusCode);
        activation.Output("ParsedContent", parsed);
        activation.Output("ResponseHeaders", response.Headers.Concat(response.ContentHeaders).ToDictionary(header => header.Key, header => header.Value));
    }

    /// <summary>Goes on after an answer, by its status.</summary>
    protected abstract void Answered(Activation activation, HttpSendAnswer.Response response);

    /// <summary>Goes on without an answer.</summary>
    protected abstract void Failed(Activation activation, string outcome);

    /// <summary>Leaves by the status when it is expected, and by Done in any case.</summary>
    protected static void CompleteByStatus(Activation activation, int status)
    {
        var expected = Lists.Items(activation.Input<object>("ExpectedStatusCodes"))?.Select(Conversion.To<int>).ToList() ?? [];
        if (expected.Count == 0)
            activation.Complete();
        else
            activation.Complete(expected.Contains(status) ? status.ToString(CultureInfo.InvariantCulture) : Unmatched, Outcomes.Done);
    }

    protected static Dictionary<string, object?> Message(HttpSendAnswer.Response response) =>
        new() { ["statusCode"] = response.StatusCode, ["reasonPhrase"] = response.ReasonPhrase, ["headers"] = response.Headers };

    protected static System.Collections.Immutable.ImmutableArray<(string, Text)> Names(params string[] names) => [.. names.Select(name => (name, new Text(name, name)))];

    private static string? Text(Activation activation, string input) => activation.Input<string>(input) is { Length: > 0 } text ? text : null;

    private static string? AuthorizationOf(Activation activation)
    {
        if (Text(activation, Authorization.Name) is not { } header)
            return null;
        return header.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 && (activation.Input<bool>(Unchecked.Name) || AuthenticationHeaderValue.TryParse(header, out _)) ? header
            : throw new FaultException("The Authorization header is not of the form 'scheme parameter', for example 'Bearer abc'.", category: "HTTP");
    }

    private HttpRequestSent WithRetry(Activation activation, HttpRequestSent request) => StrategyOf(activation.Node) switch
    {
        Resilience { Rules: { } rules } => activation.Evaluate(rules) switch
        {
            null => request,
            string id => request with { StrategyId = id },
            var value => request with { Retry = Rules(value) },
        },
        Resilience { StrategyId: { } id } => request with { StrategyId = id },
        _ when activation.Input<bool>(Resilient.Name) => request with { Retry = new RetryRules() },
        _ => request,
    };

    /// <summary>A strategy that an expression made; what it leaves out is as Elsa's.</summary>
    private static RetryRules Rules(object value)
    {
        var (rules, given) = (new RetryRules(), (Json.Members(value) ?? []).ToDictionary(member => member.Key, member => member.Value, StringComparer.OrdinalIgnoreCase));
        return rules with
        {
            MaxRetryAttempts = Conversion.To<int?>(given.GetValueOrDefault("maxRetryAttempts")) ?? rules.MaxRetryAttempts,
            Delay = Conversion.To<TimeSpan?>(given.GetValueOrDefault("delay")) ?? rules.Delay,
            UseJitter = Conversion.To<bool?>(given.GetValueOrDefault("useJitter")) ?? rules.UseJitter,
            Backoff = Conversion.To<RetryBackoff?>(given.GetValueOrDefault("backoffType") ?? given.GetValueOrDefault("backoff")) ?? rules.Backoff,
        };
    }
}

/// <summary>Runs the activity of the status that came back; what it has no activity for completes it.</summary>
internal sealed class SendHttpRequest() : HttpSending(new("Elsa.SendHttpRequest", new("HTTP Request", "Запрос HTTP"), HttpContent.Category)
{
    Resilience = "HTTP",
    Description = new("Sends an HTTP request.", "Отправляет запрос HTTP."),
    Inputs = [new("ExpectedStatusCodes", "Object", new("Expected Status Codes", "Ожидаемые коды")) { IsWrapped = false, UIHint = "http-status-codes", AutoEvaluate = false }, Address, Method, Body, BodyType, Authorization, Unchecked, MoreHeaders, Resilient],
    Slots = [new("UnmatchedStatusCode", new("Unmatched status code", "Другой код")), new("FailedToConnect", new("Failed to connect", "Нет соединения")), new(Timeout, new("Timeout", "Время вышло"))],
    Outputs = [new("StatusCode", "Int32", new("Status Code", "Код состояния")), new("ParsedContent", "Object", new("Parsed Content", "Разобранный ответ")), new("ResponseHeaders", "HttpHeaders", new("Response Headers", "Заголовки ответа")), new("Result", "HttpResponseMessage", new("Result", "Результат"))],
})
{
    private sealed record Plan(object? Strategy, IReadOnlyDictionary<int, Node?> Cases);

    public override object? Compile(NodeSource source)
    {
        var cases = new Dictionary<int, Node?>();
        var index = 0;
        foreach (var item in source.Json.Items("expectedStatusCodes", (at, message) => source.Report(at, message)))
        {
            var path = $"expectedStatusCodes[{index++}]";
            if (item.Whole("statusCode") is not { } status)
                source.Report($"{path}.statusCode", "is missing; expected a number such as 200.");
            else
                cases[status] = item.Member("activity") is { } activity ? source.Child(activity, $"{path}.activity") : null;
        }
        return new Plan(base.Compile(source), cases);
    }

    protected override object? StrategyOf(Node node) => ((Plan)node.Plan!).Strategy;

    protected override void Answered(Activation activation, HttpSendAnswer.Response response)
    {
        var matches = ((Plan)activation.Node.Plan!).Cases.TryGetValue(response.StatusCode, out var next);
        Run(activation, matches ? next : activation.Node.Slots.GetValueOrDefault("UnmatchedStatusCode"));
    }

    protected override void Failed(Activation activation, string outcome) => Run(activation, activation.Node.Slots.GetValueOrDefault(outcome == Timeout ? Timeout : "FailedToConnect"));

    private static void Run(Activation activation, Node? next)
    {
        if (next is null)
            activation.Complete();
        else
            activation.Schedule(next);
    }
}

/// <summary>Leaves by an outcome for the status that came back.</summary>
internal sealed class FlowSendHttpRequest() : HttpSending(new("Elsa.FlowSendHttpRequest", new("HTTP Request (flow)", "Запрос HTTP (схема)"), HttpContent.Category)
{
    Resilience = "HTTP",
    Description = new("Sends an HTTP request and leaves by the status of the response.", "Отправляет запрос HTTP и выходит по коду ответа."),
    Inputs = [new("ExpectedStatusCodes", "List<Int32>", new("Expected Status Codes", "Ожидаемые коды")) { UIHint = "multitext", DefaultSyntax = "Object", Default = Ok }, Address, Method, Body, BodyType, Authorization, Unchecked, MoreHeaders, Resilient],
    Outputs = [new("StatusCode", "Int32", new("Status Code", "Код состояния")), new("ParsedContent", "Object", new("Parsed Content", "Разобранный ответ")), new("ResponseHeaders", "HttpHeaders", new("Response Headers", "Заголовки ответа")), new("Result", "HttpResponseMessage", new("Result", "Результат"))],
})
{
    protected override void Answered(Activation activation, HttpSendAnswer.Response response) => CompleteByStatus(activation, response.StatusCode);

    protected override void Failed(Activation activation, string outcome) => activation.Complete(outcome);
}

/// <summary>Downloads a file.</summary>
internal sealed class DownloadHttpFile() : HttpSending(new("Elsa.DownloadHttpFile", new("Download File", "Скачать файл"), HttpContent.Category)
{
    Description = new("Downloads a file by HTTP.", "Скачивает файл по HTTP."),
    Inputs =
    [
        Address with { DisplayName = new("URL", "Адрес") }, Method with { Options = Names("GET", "POST", "PUT") }, new("ExpectedStatusCodes", "List<Int32>", new("Expected Status Codes", "Ожидаемые коды")) { UIHint = "multitext", DefaultSyntax = "Object", Default = Ok },
        Body with { DisplayName = new("Request Content", "Содержимое запроса") }, BodyType with { Name = "RequestContentType" }, Authorization, Unchecked, MoreHeaders,
    ],
    Outputs =
    [
        new("Response", "HttpResponseMessage", new("Response", "Ответ")), new("StatusCode", "Int32", new("Status Code", "Код состояния")), new("ResponseContentStream", "Stream", new("Response Content Stream", "Поток ответа")),
        new("ResponseContentBytes", "ByteArray", new("Response Content Bytes", "Байты ответа")), new("ResponseHeaders", "HttpHeaders", new("Response Headers", "Заголовки ответа")),
        new("ResponseContentHeaders", "HttpHeaders", new("Content Headers", "Заголовки содержимого")), new("Result", "HttpFile", new("Result", "Результат")),
    ],
})
{
    protected override string BodyTypeName => "RequestContentType";

    protected override bool IsDownload => true;

    protected override void Show(Activation activation, HttpSendAnswer.Response response)
    {
        activation.Output("Response", Message(response));
        activation.Output("StatusCode", response.StatusCode);
        activation.Output("ResponseContentBytes", response.Content);
        activation.Output("ResponseContentStream", response.Content);
        activation.Output("ResponseHeaders", response.Headers);
        activation.Output("ResponseContentHeaders", response.ContentHeaders);
        activation.Output("Result", new DownloadedFile(NameOf(activation, response), response.ContentType ?? HttpContent.Bytes, response.Content).ToValue());
    }

    protected override void Answered(Activation activation, HttpSendAnswer.Response response) => CompleteByStatus(activation, response.StatusCode);

    protected override void Failed(Activation activation, string outcome) => activation.Complete(outcome);

    private static string NameOf(Activation activation, HttpSendAnswer.Response response)
    {
        var header = response.ContentHeaders.GetValueOrDefault("Content-Disposition") as string;
        var named = ContentDispositionHeaderValue.TryParse(header, out var disposition) ? disposition.FileNameStar ?? disposition.FileName?.Trim('"') : null;
        return DownloadedFile.SafeName(named) ?? DownloadedFile.SafeName(Uri.UnescapeDataString(activation.Input<Uri>(Address.Name)?.AbsolutePath ?? "")) ?? DownloadedFile.Unnamed;
    }
}
