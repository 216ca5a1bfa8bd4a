using System.Globalization;
using System.Text;
using SalesFlow.Engine;
using SalesFlow.Sales.Mails;

namespace SalesFlow.Sales.Digests;

/// <summary>Puts a digest into a letter.</summary>
internal static class DigestLetters
{
    private static readonly Text Nothing = new("Nothing needs your attention this morning.", "Сегодня ничто не требует вашего внимания.");
    private static readonly Text More = new("… and {0} more", "… и ещё {0}");

    /// <summary>The letter of a day in the reader's language; there is one a day and person.</summary>
    public static MailDraft Of(MorningDigest digest, DateOnly day, (UserId Id, string Language) reader, PublicAddress address)
    {
        var (person, language) = reader;
        var text = new StringBuilder();
        if (digest.IsEmpty)
            text.AppendLine(Nothing.In(language));
        Part(text, new("Deals without a next action", "Сделки без следующего действия"), digest.WithoutNextAction, address, language);
        Part(text, new("Deals of which nothing was heard for a week", "Сделки без движения больше недели"), digest.Idle, address, language);
        Part(text, new("Overdue tasks and approvals", "Просроченные задачи и согласования"), digest.Overdue, address, language);
        Part(text, new("Tasks for which nobody is there", "Задачи, которые некому выполнить"), digest.Unattended, address, language);
        Part(text, new("Broken glass", "Аварийные обходы правил"), digest.BrokenGlass, address, language);
        var subject = new Text($"Morning digest, {day.ToString("MMMM d", CultureInfo.InvariantCulture)}", $"Утренняя сводка, {day.ToString("d MMMM", CultureInfo.GetCultureInfo("ru"))}").In(language);
        return new(Key(day, person), MailKinds.Digest, new MailRecipient.Colleague(person), subject, text.ToString());
    }

    /// <summary>Names the letter of a day.</summary>
    public static string Key(DateOnly day, UserId person) => string.Create(CultureInfo.InvariantCulture, $"digest-{day:yyyyMMdd}-{person.Value}");

    private static void Part(StringBuilder text, Text title, DigestPart part, PublicAddress address, string language)
    {
        if (part.Count == 0)
            return;
        text.Append(title.In(language)).Append(" (").Append(part.Count).AppendLine(")");
        foreach (var line in part.Lines)
            text.Append("- ").AppendLine(string.Join(" — ", new[] { line.Deal, line.What, line.Who }.Where(word => !string.IsNullOrEmpty(word)))).Append("  ").AppendLine(address.Of($"/deals/{line.DealId}"));
        if (part.Count > part.Lines.Length)
            text.Append(string.Format(CultureInfo.InvariantCulture, More.In(language), part.Count - part.Lines.Length)).Append(": ").AppendLine(address.Of(part.All));
        text.AppendLine();
    }
}
