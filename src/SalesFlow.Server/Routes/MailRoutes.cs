using Microsoft.Extensions.Options;
using SalesFlow.Sales;
using SalesFlow.Sales.Mails;
using SalesFlow.Server.Http;
using SalesFlow.Server.Mails;
using SalesFlow.Server.Security;
using SalesFlow.Web.Meetings;

namespace SalesFlow.Server.Routes;

/// <summary>Letters: what was sent, what waits, what failed, and sending it again.</summary>
internal static class MailRoutes
{
    // One transparent dot.
    private static readonly byte[] Dot = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    public static void MapMails(this IEndpointRouteBuilder api)
    {
        var mails = api.MapGroup("/mails").WithTags("Mails");
        mails.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        mails.MapGet("/{id}", async (string id, Caller caller, MailQueries queries, CancellationToken cancel) =>
            Results.Ok(await queries.GetAsync(Ids.Mail(id), caller.Actor, cancel))).RequireAuthorization(Policies.SignedIn);
        mails.MapGet("/{id}.html", HtmlAsync).RequireAuthorization(Policies.SignedIn);
        mails.MapGet("/{id}.eml", FormAsync).RequireAuthorization(Policies.SignedIn);
        mails.MapGet("/{id}/files/{number:int}", FileAsync).RequireAuthorization(Policies.SignedIn);
        mails.MapPost("/{id}/retry", RetryAsync).RequireAuthorization(Policies.SignedIn);
    }

    /// <summary>The picture in a letter whose opening is noted. It is the same for every secret, also for one that nobody made.</summary>
    public static void MapOpenings(this IEndpointRouteBuilder app) => app.MapGet("/opened/{token}.gif", async (string token, MailOpeningCommands openings, CancellationToken cancel) =>
    {
        await openings.NoteAsync(token, cancel);
        return Results.Bytes(Dot, "image/gif");
    }).AllowAnonymous().RequireRateLimiting(BookPage.RateLimit).ExcludeFromDescription();

    private static async Task<IResult> ListAsync(string? status, string? deal, int? limit, string? cursor, Caller caller, MailQueries queries, CancellationToken cancel)
    {
        var asked = Lists.OneOf("status", status, "waiting", "sent", "failed", "filed");
        var filter = new MailFilter(asked is null ? null : Enum.Parse<MailStatus>(asked, ignoreCase: true), deal is null ? null : Ids.Deal(deal), Lists.Limit(limit), cursor);
        return Results.Ok(await queries.ListAsync(filter, caller.Actor, cancel));
    }

    private static async Task<IResult> HtmlAsync(string id, Caller caller, MailQueries queries, HttpContext http, CancellationToken cancel)
    {
        var html = await queries.HtmlAsync(Ids.Mail(id), caller.Actor, cancel);
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Document;
        return Results.Content(html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> FormAsync(string id, Caller caller, MailQueries queries, IOptions<SmtpOptions> smtp, CancellationToken cancel)
    {
        var whole = await queries.WholeAsync(Ids.Mail(id), caller.Actor, cancel);
        using var bytes = new MemoryStream();
        try
        {
            using var message = MailForm.Of(whole, smtp.Value.Sender);
            await message.WriteToAsync(bytes, cancel);
        }
        catch (UnsendableException nowhere)
        {
            throw new NotFoundException(nowhere.Message);
        }
        return Results.File(bytes.ToArray(), "message/rfc822", $"{whole.Mail.Id}.eml");
    }

    private static async Task<IResult> FileAsync(string id, int number, Caller caller, MailQueries queries, HttpContext http, CancellationToken cancel)
    {
        var file = await queries.FileAsync(Ids.Mail(id), number, caller.Actor, cancel);
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Document;
        return Results.File(file.Content, file.ContentType, file.Name);
    }

    private static async Task<IResult> RetryAsync(string id, Caller caller, MailCommands commands, CancellationToken cancel)
    {
        await commands.RetryAsync(Ids.Mail(id), caller.Actor, cancel);
        return Results.Accepted();
    }
}
