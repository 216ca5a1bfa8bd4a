using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Mails;

/// <summary>Notes when clients open letters that documents go with, where an administrator has switched it on.</summary>
public sealed class MailOpeningCommands(IDbContextFactory<SalesFlowDb> databases, PublicAddress address, IOptions<MailOpeningOptions> options, MailFeed feed, TimeProvider clock)
{
    /// <summary>Puts the picture into a letter that is about to be sent, and keeps the hash of its secret. Letters to colleagues, without a document, or from a server that nobody outside reaches have none.</summary>
    public async Task<MailToSend> FillAsync(MailToSend mail, CancellationToken cancel)
    {
        if (!options.Value.Noted || mail.Mail is not { Kind: MailKinds.Document, Person: null } || !address.IsReachable)
            return mail;
        var token = SecretToken.New();
        var hash = SecretToken.HashOf(token);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Mails.Where(m => m.Id == mail.Mail.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.OpeningHash, hash), cancel);
        return mail with { Content = mail.Content.WithPicture(address.Of($"/opened/{token}.gif")) };
    }

    /// <summary>Somebody's mail program has fetched the picture: the first time counts. A secret that nobody made changes nothing.</summary>
    public async Task NoteAsync(string token, CancellationToken cancel)
    {
        if (SecretToken.Sought(token) is not { } hash)
            return;
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Mails.Where(m => m.OpeningHash == hash && m.OpenedAt == null).ExecuteUpdateAsync(set => set.SetProperty(m => m.OpenedAt, now), cancel) > 0)
            feed.Tell();
    }
}
