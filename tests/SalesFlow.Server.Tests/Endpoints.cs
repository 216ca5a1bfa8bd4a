using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;

namespace SalesFlow.Server.Tests;

/// <summary>Definitions with HTTP endpoints, naming only what matters.</summary>
internal static class Endpoints
{
    public const string Starts = "\"customProperties\":{\"canStartWorkflow\":true}";

    public static Task<WorkflowDefinition> PublishAsync(this RunningServer server, string id, params string[] activities) => server.PublishAsync(id, "", activities);

    /// <summary>Publishes a sequence of activities; <paramref name="more"/> are members of the definition.</summary>
    public static Task<WorkflowDefinition> PublishAsync(this RunningServer server, string id, string more, string[] activities) =>
        server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync($$$"""
            {"definitionId":"{{{id}}}","id":"{{{id}}}-1","version":1,"name":"Process {{{id}}}",{{{more}}}
             "variables":[{{{string.Join(",", new[] { "Body", "Files", "Query", "Headers", "Route" }.Select(name => $$$"""{"id":"{{{name}}}","name":"{{{name}}}","typeName":"Object"}"""))}}}],
             "root":{"id":"root","type":"Elsa.Sequence","activities":[{{{string.Join(",", activities)}}}]}}
            """, CancellationToken.None);

    public static string Endpoint(string path, string method = "POST", string more = Starts, string id = "http") => $$$"""
        {"id":"{{{id}}}","type":"Elsa.HttpEndpoint","path":{{{Literal(path)}}},"supportedMethods":{"typeName":"List<String>","expression":{"type":"Object","value":"[\"{{{method}}}\"]"}},
         "parsedContent":{{{Bound("Body")}}},"files":{{{Bound("Files")}}},"queryStringData":{{{Bound("Query")}}},"headers":{{{Bound("Headers")}}},"routeData":{{{Bound("Route")}}},{{{more}}}}
        """;

    public static string Respond(string script, string more = "\"statusCode\":200", string id = "answer") => $$$"""{"id":"{{{id}}}","type":"Elsa.WriteHttpResponse","content":{{{Script(script)}}},{{{more}}}}""";

    public static string Send(string url) => $$$"""{"id":"send","type":"Elsa.SendHttpRequest","url":{{{Literal(url, "Uri")}}}}""";

    public static string Literal(string value, string type = "String") => $$$"""{"typeName":"{{{type}}}","expression":{"type":"Literal","value":"{{{value}}}"}}""";

    public static string Object(string value, string type) => $$$"""{"typeName":"{{{type}}}","expression":{"type":"Object","value":"{{{value.Replace("\"", "\\\"", StringComparison.Ordinal)}}}"}}""";

    public static string Script(string script) => $$$"""{"typeName":"Object","expression":{"type":"JavaScript","value":"{{{script}}}"}}""";

    private static string Bound(string variable) => $$$"""{"typeName":"Object","memoryReference":{"id":"{{{variable}}}"}}""";
}
