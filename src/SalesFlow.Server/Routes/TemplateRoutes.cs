using System.Collections.Immutable;
using SalesFlow.Sales.Documents;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Templates of documents. A key is "offer.ru", or "offer" with <c>?language=</c> or in the caller's language.</summary>
internal static class TemplateRoutes
{
    public static void MapTemplates(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/templates").WithTags("Templates");
        templates.MapGet("/", ListAsync).RequireAuthorization(Policies.ConfigureProcess);
        templates.MapGet("/{key}", GetAsync).RequireAuthorization(Policies.ConfigureProcess);
        templates.MapPut("/{key}", SaveAsync).RequireAuthorization(Policies.ConfigureProcess);
        templates.MapPost("/{key}/preview", PreviewAsync).RequireAuthorization(Policies.ConfigureProcess);
        templates.MapGet("/{key}/versions", VersionsAsync).RequireAuthorization(Policies.ConfigureProcess);
        templates.MapGet("/{key}/versions/{version:int}", VersionAsync).RequireAuthorization(Policies.ConfigureProcess);
        templates.MapPost("/{key}/versions/{version:int}/publish", RestoreAsync).RequireAuthorization(Policies.ConfigureProcess);
    }

    /// <summary>A template's Scriban text.</summary>
    internal sealed record SaveRequest(string Text);

    /// <summary>The deal on which a template is tried; <paramref name="Text"/> is tried instead of the one in force.</summary>
    internal sealed record PreviewRequest(string DealId, string? Text = null);

    private static async Task<IResult> ListAsync(TemplateQueries templates, CancellationToken cancel) =>
        Results.Ok(new { items = await templates.ListAsync(cancel), nextCursor = (string?)null });

    private static async Task<IResult> GetAsync(string key, string? language, Caller caller, TemplateQueries templates, HttpContext http, CancellationToken cancel)
    {
        var template = await templates.TextAsync(Name(key, language, caller), null, cancel);
        http.Response.Headers.ETag = ETag.Of(template.Version);
        return Results.Ok(template);
    }

    private static async Task<IResult> SaveAsync(string key, SaveRequest body, string? language, bool? dryRun, IfMatch expected, Caller caller, TemplateCommands templates, HttpContext http, CancellationToken cancel) =>
        Answer(http, await templates.SaveAsync(Name(key, language, caller), body.Text, expected.Version, dryRun == true, caller.Actor, cancel));

    private static async Task<IResult> PreviewAsync(string key, PreviewRequest body, string? language, Caller caller, TemplateCommands templates, CancellationToken cancel)
    {
        var preview = await templates.PreviewAsync(Name(key, language, caller), body.Text, Ids.Deal(body.DealId), caller.Actor, cancel);
        return Results.Ok(new { preview.Html, preview.Through, Errors = Places(preview.Errors, caller), Warnings = Places(preview.Warnings, caller) });
    }

    private static async Task<IResult> VersionsAsync(string key, string? language, Caller caller, TemplateQueries templates, CancellationToken cancel) =>
        Results.Ok(new { items = await templates.VersionsAsync(Name(key, language, caller), cancel), nextCursor = (string?)null });

    private static async Task<IResult> VersionAsync(string key, int version, string? language, Caller caller, TemplateQueries templates, CancellationToken cancel) =>
        Results.Ok(await templates.TextAsync(Name(key, language, caller), version, cancel));

    private static async Task<IResult> RestoreAsync(string key, int version, string? language, bool? dryRun, IfMatch expected, Caller caller, TemplateCommands templates, HttpContext http, CancellationToken cancel) =>
        Answer(http, await templates.RestoreAsync(Name(key, language, caller), version, expected.Version, dryRun == true, caller.Actor, cancel));

    private static IResult Answer(HttpContext http, TemplateChange change)
    {
        http.Response.Headers.ETag = ETag.Of(change.Version);
        return Results.Ok(change);
    }

    private static TemplateName Name(string key, string? language, Caller caller) => TemplateName.Read(key, language ?? caller.Actor.Language);

    private static IEnumerable<object> Places(ImmutableArray<TemplateProblem> problems, Caller caller) =>
        problems.Select(problem => new { problem.Part, problem.Line, problem.Column, Message = problem.Message.In(caller.Actor.Language) });
}
