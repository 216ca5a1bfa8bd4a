using SalesFlow.Sales.Documents;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Issued documents: what they are, and the page itself.</summary>
internal static class DocumentRoutes
{
    public static void MapDocuments(this IEndpointRouteBuilder api)
    {
        var documents = api.MapGroup("/documents").WithTags("Documents");
        documents.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        documents.MapGet("/numbers", SeriesAsync).RequireAuthorization(Policies.LeadTeam);
        documents.MapGet("/numbers/{series}", NumbersAsync).RequireAuthorization(Policies.LeadTeam);
        documents.MapGet("/{id}", GetAsync).RequireAuthorization(Policies.SignedIn);
        documents.MapGet("/{id}.html", HtmlAsync).RequireAuthorization(Policies.SignedIn);
        documents.MapGet("/{id}.pdf", PdfAsync).RequireAuthorization(Policies.SignedIn);
        documents.MapGet("/{id}/proof", ProveAsync).RequireAuthorization(Policies.SignedIn);
        documents.MapPost("/{id}/send", SendAsync).RequireAuthorization(Policies.SellDeals);
        documents.MapPost("/{id}/void", VoidAsync).RequireAuthorization(Policies.SellDeals);
    }

    private static async Task<IResult> SeriesAsync(Caller caller, NumberQueries numbers, CancellationToken cancel) => Results.Ok(new { items = await numbers.SeriesAsync(caller.Actor, cancel), nextCursor = (string?)null });

    private static async Task<IResult> NumbersAsync(string series, Caller caller, NumberQueries numbers, CancellationToken cancel, int limit = 50, string? cursor = null) =>
        Results.Ok(await numbers.ListAsync(Ids.Series(series), limit, cursor, caller.Actor, cancel));

    /// <summary>Why a document holds no longer.</summary>
    internal sealed record VoidRequest(string Reason);

    private static async Task<IResult> ProveAsync(string id, Caller caller, DocumentQueries documents, CancellationToken cancel) => Results.Ok(await documents.ProveAsync(Ids.Document(id), caller.Actor, cancel));

    private static async Task<IResult> SendAsync(string id, DocumentLetter body, Caller caller, DocumentCommands documents, CancellationToken cancel) =>
        Results.Ok(await documents.SendAsync(Ids.Document(id), body, caller.Actor, cancel));

    private static async Task<IResult> VoidAsync(string id, VoidRequest body, Caller caller, DocumentCommands documents, CancellationToken cancel) =>
        Results.Ok(await documents.VoidAsync(Ids.Document(id), body.Reason, caller.Actor, cancel));

    private static async Task<IResult> PdfAsync(string id, Caller caller, PdfQueries pdf, HttpContext http, CancellationToken cancel)
    {
        var (bytes, number) = await pdf.PrintAsync(Ids.Document(id), caller.Actor, cancel);
        // Named, and shown in the browser: without "attachment" it is not pushed into a folder.
        http.Response.Headers.ContentDisposition = new System.Net.Http.Headers.ContentDispositionHeaderValue("inline") { FileNameStar = $"{number}.pdf" }.ToString();
        return Results.Bytes(bytes, "application/pdf");
    }

    private static async Task<IResult> ListAsync(string deal, Caller caller, DocumentQueries documents, CancellationToken cancel) =>
        Results.Ok(new { items = await documents.ListAsync(Ids.Deal(deal), caller.Actor, cancel), nextCursor = (string?)null });

    private static async Task<IResult> GetAsync(string id, Caller caller, DocumentQueries documents, CancellationToken cancel) =>
        Results.Ok(await documents.GetAsync(Ids.Document(id), caller.Actor, cancel));

    private static async Task<IResult> HtmlAsync(string id, Caller caller, DocumentQueries documents, HttpContext http, CancellationToken cancel)
    {
        var html = await documents.HtmlAsync(Ids.Document(id), caller.Actor, cancel);
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Document;
        return Results.Content(html, "text/html; charset=utf-8");
    }
}
