using SalesFlow.Engine;

namespace SalesFlow.Sales.Notifications;

/// <summary>What people are told of; stable words for the wire and the table.</summary>
public static class NotificationKinds
{
    /// <summary>A task of somebody else's deal is theirs, or one was handed to them.</summary>
    public const string TaskAssigned = "taskAssigned";
    /// <summary>They are to decide on terms; the letter has a link by which they can.</summary>
    public const string ApprovalAsked = "approvalAsked";
    /// <summary>A task of theirs is overdue.</summary>
    public const string TaskOverdue = "taskOverdue";
    /// <summary>A deal of theirs has been in a stage for longer than planned.</summary>
    public const string StageOverdue = "stageOverdue";
    /// <summary>A note names them.</summary>
    public const string Mention = "mention";
    /// <summary>A deal is theirs now.</summary>
    public const string DealHanded = "dealHanded";
    /// <summary>A deal has lost its owner, or none could be found; for heads of sales.</summary>
    public const string DealWithoutOwner = "dealWithoutOwner";
    /// <summary>A task has come up, and everybody who could do it is away; for heads of sales and administrators.</summary>
    public const string NobodyThere = "nobodyThere";
    /// <summary>Whoever was to hold a meeting is away then: somebody else holds it, or it needs another time.</summary>
    public const string MeetingHostAway = "meetingHostAway";
    /// <summary>A mail of theirs could not be sent.</summary>
    public const string MailFailed = "mailFailed";
    /// <summary>A step of a process tells them something.</summary>
    public const string Process = "process";

    /// <summary>All of them, in the order in which settings show them.</summary>
    public static IReadOnlyList<string> All { get; } = [TaskAssigned, ApprovalAsked, TaskOverdue, StageOverdue, Mention, DealHanded, DealWithoutOwner, NobodyThere, MeetingHostAway, MailFailed, Process];
}

/// <summary>Something that one person is told.</summary>
public sealed class Notification
{
    private Notification() { }

    /// <summary>Grows in the order in which people were told.</summary>
    public long Id { get; private set; }
    /// <summary>Who is told.</summary>
    public UserId Person { get; private set; }
    /// <summary>One of <see cref="NotificationKinds"/>.</summary>
    public string Kind { get; private set; } = "";
    /// <summary>The deal it is about.</summary>
    public DealId? DealId { get; private set; }
    /// <summary>The task it is about.</summary>
    public TaskId? TaskId { get; private set; }
    /// <summary>Particulars as a JSON object; a value is one text or one in each language.</summary>
    public string Data { get; private set; } = "{}";
    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; private set; }
    /// <summary>Who did it; null for the process or the clock.</summary>
    public UserId? By { get; private set; }
    /// <summary>When the person saw it; null while it is new.</summary>
    public DateTimeOffset? SeenAt { get; private set; }
    /// <summary>When it is to be looked at whether it goes by mail; null when that is settled.</summary>
    public DateTimeOffset? MailDue { get; internal set; }

    internal static Notification Of(UserId person, string kind, string data, DateTimeOffset at, DealId? deal = null, TaskId? task = null) =>
        new() { Person = person, Kind = kind, Data = data, At = at, MailDue = at, DealId = deal, TaskId = task };
}

/// <summary>A step of a process tells colleagues something; letters are <see cref="Mails.MailWritten"/> of their own.</summary>
public sealed record ColleaguesTold(DealId Deal, DateTimeOffset At, System.Collections.Immutable.ImmutableArray<UserId> People, string Subject, string Text) : Deals.DealChange(Deal, At, null);

/// <summary>One thing that one person is to be told of a change.</summary>
internal sealed record Notice(UserId Person, string Kind, string Data, DateTimeOffset At, UserId? By, TaskId? Task = null)
{
    /// <summary>False when the change sees to letters itself.</summary>
    public bool MayMail { get; init; } = true;
}

/// <summary>Sentences for what people are told.</summary>
internal static class NotificationSentences
{
    // {0} is the particular that is named beside the sentence.
    private static readonly Dictionary<string, (Text Sentence, string Particular)> Known = new()
    {
        [NotificationKinds.TaskAssigned] = (new("Task for you: {0}", "Задача для вас: {0}"), "task"),
        [NotificationKinds.ApprovalAsked] = (new("Your decision is needed: {0}", "Нужно ваше решение: {0}"), "task"),
        [NotificationKinds.TaskOverdue] = (new("Task overdue: {0}", "Задача просрочена: {0}"), "task"),
        [NotificationKinds.StageOverdue] = (new("Longer than planned in the stage “{0}”", "Дольше срока на этапе «{0}»"), "stage"),
        [NotificationKinds.Mention] = (new("You were mentioned: {0}", "Вас упомянули: {0}"), "text"),
        [NotificationKinds.DealHanded] = (new("The deal is yours now", "Сделка передана вам"), "deal"),
        [NotificationKinds.DealWithoutOwner] = (new("The deal has no owner", "У сделки нет ответственного"), "deal"),
        [NotificationKinds.NobodyThere] = (new("Nobody is there for the task: {0}", "Некому выполнить задачу: {0}"), "task"),
        [NotificationKinds.MeetingHostAway] = (new("{0}", "{0}"), "text"),
        [NotificationKinds.MailFailed] = (new("A mail could not be sent: {0}", "Не удалось отправить письмо: {0}"), "subject"),
        [NotificationKinds.Process] = (new("{0}", "{0}"), "subject"),
    };

    public static string Of(string kind, string data, string language)
    {
        using var read = System.Text.Json.JsonDocument.Parse(data);
        var (sentence, name) = Known[kind];
        var particular = !read.RootElement.TryGetProperty(name, out var value) ? "" : value.ValueKind == System.Text.Json.JsonValueKind.Object ? Texts.Read(value).In(language) : value.ToString();
        var said = string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence.In(language), particular);
        return read.RootElement.TryGetProperty("insteadOf", out var away) ? said + new Text($" (in the place of {away}, who is away)", $" (вместо: {away}, отсутствует)").In(language) : said;
    }

    /// <summary>A member of the particulars that is one text; null when there is none.</summary>
    public static string? Member(string data, string name)
    {
        using var read = System.Text.Json.JsonDocument.Parse(data);
        return read.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}
