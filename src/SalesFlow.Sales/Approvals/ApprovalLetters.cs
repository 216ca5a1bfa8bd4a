using System.Globalization;
using System.Text;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Approvals;

/// <summary>What a letter to an approver speaks of.</summary>
internal sealed record AskedApproval(Deal Deal, SalesTask Task, ApprovalView Approval, string? Owner, string? InsteadOf);

/// <summary>Puts a question to an approver into a letter.</summary>
internal static class ApprovalLetters
{
    /// <summary>Names the letter of a notification.</summary>
    public static string Key(Notification told) => string.Create(CultureInfo.InvariantCulture, $"approval-{told.Id}");

    /// <summary>The letter in the reader's language. Where the link belongs it has a line that <see cref="MailContent.WithLink"/> fills in.</summary>
    public static MailDraft Of(AskedApproval asked, ApprovalLink link, (string Language, TimeZoneInfo Zone) reader, PublicAddress address)
    {
        var (deal, language, culture) = (asked.Deal, reader.Language, CultureInfo.GetCultureInfo(reader.Language));
        string When(DateTimeOffset at) => $"{TimeZoneInfo.ConvertTime(at, reader.Zone).ToString("f", culture)} ({reader.Zone.Id})";
        var text = new StringBuilder().AppendLine(asked.Task.Title.In(language)).AppendLine($"{deal.Number} · {deal.Title} — {deal.Client.Name}");
        if (asked.Owner is { } owner)
            text.AppendLine(new Text($"Asked by: {owner}", $"Запрашивает: {owner}").In(language));
        if (asked.InsteadOf is { } away)
            text.AppendLine(new Text($"In the place of {away}, who is away", $"Вместо: {away}, отсутствует").In(language));
        if (asked.Task.DueAt is { } due)
            text.AppendLine(new Text($"Due: {When(due)}", $"Срок: {When(due)}").In(language));
        text.AppendLine();
        foreach (var term in TermWords.Rows(asked.Approval.Terms))
            text.AppendLine(Line(term, asked.Approval.Terms, language, culture));
        text.AppendLine().AppendLine(new Text($"Decide without signing in. The link opens a page with the terms, works once and until {When(link.ExpiresAt)}; do not pass it on:",
            $"Решить без входа в систему. Ссылка открывает страницу с условиями, срабатывает один раз и действует до: {When(link.ExpiresAt)}. Не пересылайте её:").In(language));
        text.AppendLine(MailContent.LinkLine).AppendLine();
        text.AppendLine(new Text("Or sign in and see the history as well, ask somebody else, or look at the deal:", "Или войдите: там видны история и сделка, решение можно передать другому:").In(language)).AppendLine(address.Of($"/approvals/{asked.Task.Id}"));
        return new(link.MailKey, MailKinds.Approval, new MailRecipient.Colleague(link.Person), $"{asked.Task.Title.In(language)} — {deal.Number}, {deal.Client.Name}", text.ToString()) { Deal = deal.Id, IsPrivate = true };
    }

    private static string Line(TermView term, IReadOnlyList<TermView> all, string language, CultureInfo culture)
    {
        var more = new List<string>();
        if (term.Standard is { } standard && term.FromStandard is not ("same" or null))
            more.Add($"{new Text("standard", "стандарт").In(language)} {TermWords.Value(term.Term, standard, culture)}, {TermWords.Change(term.FromStandard).In(language)}");
        if (term.Change is not ("same" or null))
            more.Add($"{new Text("before", "было").In(language)} {TermWords.Value(term, all, culture, before: true)}, {TermWords.Change(term.Change).In(language)}");
        return $"{term.Label}: {TermWords.Value(term, all, culture)}{(more.Count > 0 ? $" ({string.Join("; ", more)})" : "")}";
    }
}
