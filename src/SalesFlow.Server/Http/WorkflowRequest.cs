using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Server.Http;

/// <summary>Reads what a caller sends to an HTTP endpoint of a workflow into the plain values that Elsa gives its activities.</summary>
internal static class WorkflowRequest
{
    /// <summary>How the caller proved who they are is nothing that a workflow may remember or write down.</summary>
    private static readonly string[] Withheld = ["Authorization", "Cookie", "Proxy-Authorization"];

    /// <summary>The instance that the caller means, by the query or by Elsa's headers.</summary>
    public static HttpAim AimOf(HttpRequest request)
    {
        var instance = Said(request, "workflowInstanceId", "X-Workflow-Instance-Id");
        if (instance is null)
            return new HttpAim(null, Said(request, "correlationId", "X-Correlation-Id"));
        return long.TryParse(instance, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new HttpAim(new InstanceId(id), Said(request, "correlationId", "X-Correlation-Id"))
            : throw new BadHttpRequestException($"'{instance}' is no id of an instance; it is a number.");
    }

    /// <summary>Reads the request within the limits. What is refused is left out; the refusal stands in its place.</summary>
    public static async Task<HttpRequestReceived> ReadAsync(HttpContext http, string id, string path, HttpEndpointRules rules, long most)
    {
        var request = http.Request;
        var received = new HttpRequestReceived(id, request.Method, request.Path, RouteTemplate.Parse(rules.Template).Match(path) ?? [],
            Plain(request.Query), Plain(request.Headers.Where(header => !Withheld.Contains(header.Key, StringComparer.OrdinalIgnoreCase))), null, []);
        if (await BodyAsync(http, Math.Min(rules.RequestSizeLimit ?? most, most)) is not { } body)
            return received with { Refusal = HttpRefusal.RequestTooLarge };
        if (request.HasFormContentType)
            return await WithFormAsync(request, body, received, rules);
        return received with { Body = HttpBody.Decode(body, request.ContentType) };
    }

    private static async Task<HttpRequestReceived> WithFormAsync(HttpRequest request, byte[] body, HttpRequestReceived received, HttpEndpointRules rules)
    {
        request.Body = new MemoryStream(body);
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = body.Length + 1 });
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new BadHttpRequestException($"The form cannot be read: {broken.Message}", broken);
        }
        var files = new List<HttpFormFile>();
        foreach (var file in form.Files)
        {
            using var content = new MemoryStream();
            await file.CopyToAsync(content);
            files.Add(new HttpFormFile(file.Name, file.FileName, file.ContentType ?? "application/octet-stream", content.ToArray()));
        }
        return rules.RefusalOf(body.Length, files) is { } refusal ? received with { Refusal = refusal } : received with { Body = Plain(form), Files = files };
    }

    /// <summary>The body, or null when it is larger than allowed; then no more of it is read than that takes to see.</summary>
    private static async Task<byte[]?> BodyAsync(HttpContext http, long most)
    {
        if (http.Request.ContentLength > most)
            return null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most + 1;
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        try
        {
            for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
            {
                if (body.Length + read > most)
                    return null;
                body.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
        return body.ToArray();
    }

    private static string? Said(HttpRequest request, string query, string header) =>
        request.Query[query].ToString() is { Length: > 0 } asked ? asked : request.Headers[header].ToString() is { Length: > 0 } sent ? sent : null;

    /// <summary>One value as a text, several as a list.</summary>
    private static Dictionary<string, object?> Plain(IEnumerable<KeyValuePair<string, StringValues>> values) => values.ToDictionary(pair => pair.Key,
        pair => pair.Value.Count > 1 ? pair.Value.Select(value => (object?)value).ToList() : (object?)pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}
