using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>One endpoint of the running server under one of its methods.</summary>
internal sealed record Call(string Method, string Route, RouteEndpoint Endpoint)
{
    public string Name => $"{Method} {Route}";
    public bool HasId => Endpoint.RoutePattern.Parameters.Count > 0;
    public bool TakesJson => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true;
    public bool IsApi => Route.StartsWith("/api/", StringComparison.Ordinal);
    public bool IsPage => Endpoint.Metadata.Any(item => item.GetType().Name == "ComponentTypeMetadata");
    public bool IsElsa => Route.StartsWith("/elsa/", StringComparison.Ordinal);

    /// <summary>The names of its query parameters, as its handler declares them.</summary>
    public IEnumerable<string> Queries => (Endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        .SelectMany(one => one.GetCustomAttributes().Any(mark => mark.GetType().Name == "AsParametersAttribute") ? one.ParameterType.GetConstructors()[0].GetParameters() : [one])
        .Where(one => IsPlain(one.ParameterType) && !Endpoint.RoutePattern.Parameters.Any(part => part.Name == one.Name))
        .Select(one => one.Name!);

    /// <summary>The address, with each part of the route that is a parameter given by the literal before it and its own name.</summary>
    public string Path(Func<string, string, string> id)
    {
        var before = "";
        return "/" + string.Join('/', Route.Trim('/').Split('/').Select(part =>
        {
            var filled = Regex.Replace(part, @"\{\**(\w+)[^}]*\}", match => id(before, match.Groups[1].Value));
            before = part.Contains('{', StringComparison.Ordinal) ? before : part;
            return filled;
        }));
    }

    private static bool IsPlain(Type type) => type == typeof(string) || type == typeof(string[]) || (Nullable.GetUnderlyingType(type) ?? type) is { IsValueType: true, Namespace: "System" };
}

/// <summary>What the server really maps, so that no walk forgets an endpoint.</summary>
internal static class Calls
{
    /// <summary>Every call of those who signed in: the API, Elsa's API, Studio and the pages.</summary>
    public static IReadOnlyList<Call> Of(RunningServer server) =>
        [.. ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && !IsFile(endpoint) && Route(endpoint) is var route && !route.StartsWith("/_", StringComparison.Ordinal))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Call(method, Route(endpoint), endpoint)))
            .DistinctBy(call => call.Name)];

    /// <summary>A body that fits, for each call that takes one. Ids in it are the given ones.</summary>
    public static JsonObject Body(Call call, Belongings ids) => JsonNode.Parse((Bodies.TryGetValue(call.Name, out var body) ? body : throw new InvalidOperationException(
        $"'{call.Name}' takes JSON: give the hostile walk a body that fits, in {nameof(Calls)}.{nameof(Bodies)}.")).Replace("DEAL", ids.Deal, StringComparison.Ordinal).Replace("TASK", ids.Task, StringComparison.Ordinal))!.AsObject();

    public static async Task<(HttpResponseMessage Answer, string Text)> SendAsync(HttpClient client, Call call, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), path);
        if (body is not null || call.Method is not ("GET" or "DELETE"))
            request.Content = new StringContent(body ?? "{}", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        var answer = await client.SendAsync(request);
        return (answer, await answer.Content.ReadAsStringAsync());
    }

    private static readonly string[] Inside = ["   at ", "System.Text.Json", "SqliteException", "Npgsql", "Microsoft.EntityFrameworkCore"];

    /// <summary>Null, or what is wrong with an answer to a request that cannot be meant: it must be a refusal, in the form of problems, with nothing of the program's inside in it.</summary>
    public static string? Flaw(Call call, string what, HttpResponseMessage answer, string text) =>
        (int)answer.StatusCode >= 500 ? $"{call.Name} with {what}: {(int)answer.StatusCode} {text}"
        : (int)answer.StatusCode >= 400 && Inside.Any(words => text.Contains(words, StringComparison.Ordinal)) ? $"{call.Name} with {what} shows its inside: {text}"
        : (int)answer.StatusCode >= 400 && call.IsApi && answer.Content.Headers.ContentType?.MediaType != "application/problem+json" ? $"{call.Name} with {what}: {(int)answer.StatusCode} is no problem document: {text}"
        : null;

    internal static readonly Dictionary<string, string> Bodies = new()
    {
        ["POST /api/deals/"] = """{"pipeline":"hostile","title":"t","client":{"name":"c","inn":"7700000000","contact":"c","email":"c@example.com","phone":"1"},"amount":1,"currency":"RUB","channel":"site","owner":"rep","fields":{"note":"n"}}""",
        ["PATCH /api/deals/{id}"] = """{"title":"t","amount":2,"currency":"USD","channel":"c","owner":"headOfSales","fields":{"note":"other"}}""",
        ["POST /api/deals/{id}/move"] = """{"stage":"second","reason":"r","breakGlass":true}""",
        ["POST /api/deals/{id}/close"] = """{"result":"lost","reason":"r"}""",
        ["POST /api/deals/{id}/comments"] = """{"text":"t"}""",
        ["POST /api/tasks/{id}/complete"] = """{"outcome":"Done","fields":{"note":"n"},"comment":"c"}""",
        ["POST /api/tasks/{id}/reassign"] = """{"user":"rep"}""",
        ["POST /api/tasks/{id}/return"] = """{"reason":"r"}""",
        ["POST /api/tasks/{id}/snooze"] = """{"until":"2099-01-01T00:00:00Z"}""",
        ["POST /api/tasks/{id}/wait"] = """{"for":"f"}""",
        ["POST /api/tasks/bulk"] = """{"action":"reassign","tasks":["TASK"],"reason":"r","user":"rep","until":"2099-01-01T00:00:00Z"}""",
        ["POST /api/meetings/{id}/book"] = """{"start":"2026-11-30T09:00:00Z","place":"p"}""",
        ["POST /api/meetings/{id}/cancel"] = """{"reason":"r"}""",
        ["POST /api/meetings/{id}/invite"] = """{"language":"en"}""",
        ["POST /api/meetings/{id}/result"] = """{"result":"Held","notes":"n","fields":{"note":"n"}}""",
        ["PUT /api/pipelines/{key}/stages/{stage}"] = """{"probability":0.5,"follow":true,"name":"n","limitHours":5,"rules":[{"kind":"requiredFields","fields":["budget"]}]}""",
        ["POST /api/pipelines/{key}/stages"] = """{"key":"third","name":{"ru":"т","en":"t"},"after":"first","probability":0.5,"follow":true,"limitHours":5,"rules":[]}""",
        ["POST /api/documents/{id}/void"] = """{"reason":"r"}""",
        ["POST /api/documents/{id}/send"] = """{"to":"a@example.com","subject":"s","text":"t","format":"html"}""",
        ["PUT /api/templates/{key}"] = """{"text":"<p>t</p>"}""",
        ["POST /api/templates/{key}/preview"] = """{"dealId":"DEAL","text":"<p>t</p>"}""",
        ["PUT /api/approval-matrix/"] = """{"standard":{"discount":0,"margin":1,"paymentDays":14,"paymentTerms":"net"},"rows":[{"when":{"discount":{"over":1,"upTo":10},"product":["p"],"segment":["s"]},"levels":[{"key":"finance","name":{"en":"Finance","ru":"Ф"},"who":["role:approver"],"mode":"quorum","quorum":1,"hours":8,"escalateTo":"role:headOfSales"}]}]}""",
        ["POST /api/seeds/take"] = """{"files":["templates/offer.en.scriban"],"overEdits":true}""",
        ["PUT /api/notifications/settings"] = """{"ways":{"mention":"both"},"digest":true,"quiet":false}""",
        ["POST /api/users/"] = """{"name":"new.one","displayName":"New One","roles":["rep"],"language":"en","team":"t","email":"n@example.com","skills":["s"],"capacity":5}""",
        ["PATCH /api/users/{id}"] = """{"displayName":"Other","roles":["rep"],"language":"en","team":"t","email":"n@example.com","skills":["s"],"capacity":5,"active":true}""",
        ["PUT /api/hours/teams/{team}"] = """{"zone":"Europe/Moscow","hours":"10:00-18:00","weekdays":[1,2],"days":{"2031-01-01":"10:00-12:00"}}""",
        ["PUT /api/hours/people/{id}"] = """{"zone":"Europe/Moscow","hours":"10:00-18:00","weekdays":[1,2],"days":{"2031-01-01":"10:00-12:00"}}""",
        ["POST /api/users/{id}/absences"] = """{"from":"2099-01-01T00:00:00Z","to":"2099-01-02T00:00:00Z","substitute":"headOfSales","reason":"r"}""",
    };

    private static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static bool IsFile(RouteEndpoint endpoint) =>
        endpoint.Metadata.Any(item => item.GetType().FullName!.Contains("StaticAsset", StringComparison.Ordinal))
        || Route(endpoint) is var route && (route.Contains(":file}", StringComparison.Ordinal) || route.Contains(":nonfile}", StringComparison.Ordinal) || route.StartsWith("/scalar", StringComparison.Ordinal));
}

/// <summary>Says everything that is wrong, not the first of it.</summary>
internal static class Verdict
{
    private const int Most = 60;

    public static void AssertNone(IReadOnlyCollection<string> flaws) => Assert.True(flaws.Count == 0, $"{flaws.Count} flaws:\n{string.Join('\n', flaws.Take(Most))}");

    /// <summary>No table was written meanwhile.</summary>
    public static void AssertSame(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        Assert.Equal([], before.Keys.Where(table => before[table] != after[table]));
}
