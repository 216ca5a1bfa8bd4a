using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;
using SalesFlow.Engine;

namespace SalesFlow.Server.Http;

/// <summary>Writes the response that a workflow gave to the caller who waits for it.</summary>
internal static class WorkflowResponse
{
    public static Task WriteAsync(HttpContext http, HttpResponseWritten written)
    {
        // An error that the workflow answers with is its own, body or not.
        if (http.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        foreach (var (name, values) in written.Headers)
            http.Response.Headers[name] = values;
        if (written.FileName is { } file)
            return Results.File(written.Content, written.ContentType, file, written.Ranges, entityTag: Tag(written.EntityTag)).ExecuteAsync(http);
        http.Response.StatusCode = written.StatusCode;
        if (written.StatusCode is < 200 or StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            return Task.CompletedTask;
        if (written.ContentType is { } type)
            http.Response.ContentType = type;
        http.Response.ContentLength = written.Content.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(written.Content, http.RequestAborted).AsTask();
    }

    private static EntityTagHeaderValue? Tag(string? text) => text is null ? null
        : EntityTagHeaderValue.TryParse(text, out var tag) || EntityTagHeaderValue.TryParse($"\"{text.Replace("\"", "", StringComparison.Ordinal)}\"", out tag) ? tag : null;
}
