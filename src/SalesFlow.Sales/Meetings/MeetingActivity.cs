using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Meetings;

/// <summary>
/// Brings a meeting about: offers free times, asks a person to agree on one, keeps it in the members' calendars, and asks for its result. The client may book, move
/// and cancel by a link of their own meanwhile.
/// </summary>
public sealed class MeetingActivity() : Activity(new("SalesFlow.Meeting", new("Meeting", "Встреча"), SalesActivities.Category)
{
    Description = new("Offers free times, books one, and asks for the result.", "Предлагает свободное время, назначает встречу и спрашивает о её результате."),
    Outcomes = [new(Held, new("Held", "Состоялась")), new(NoShow, new("No-show", "Не состоялась")), new(Declined, new("Declined", "Отказ")), new(NoAnswer, new("No answer", "Не отвечает"))],
    Inputs =
    [
        new("Topic", "String", new("What the client reads", "Тема для клиента")), new("Subject", "String", new("What the first task is called", "Тема первой задачи")), new("Instructions", "String", new("Instructions", "Инструкция")) { UIHint = "multiline" },
        new("Members", "String", new("Members", "Участники")) { UIHint = "checklist", DefaultSyntax = "Object", Default = "owner", Description = new("Who may come; the owner of the deal when nobody is ticked", "Кто может прийти; если никто не отмечен, ответственный за сделку") },
        new("Need", "String", new("Who has to come", "Кто нужен")) { UIHint = "dropdown", Default = "any", Options = [("any", new("Any of them", "Любой из них")), ("all", new("All of them", "Все"))] },
        new("Length", "Double", new("Length, minutes", "Длительность, минут")), new("Step", "Double", new("Offer every, minutes", "Предлагать через каждые, минут")),
        new("BufferBefore", "Double", new("Kept free before, minutes", "Запас до встречи, минут")), new("BufferAfter", "Double", new("Kept free after, minutes", "Запас после встречи, минут")),
        new("NoticeHours", "Double", new("Not earlier than in, hours", "Не раньше чем через, часов")), new("HorizonDays", "Double", new("Within, days", "В пределах, дней")),
        new("RemindHours", "Double", new("Remind before, hours (0: never)", "Напомнить за, часов (0: никогда)")), new("Place", "String", new("Where", "Место")), new("Language", "String", new("Language of the client", "Язык клиента")) { UIHint = "dropdown", Default = "ru", Options = [("ru", new("Russian", "Русский")), ("en", new("English", "Английский"))] },
        new("DueHours", "Double", new("Agree within, working hours", "Договориться за, рабочих часов")), new("Form", "String", new("Form on agreeing (JSON)", "Форма при договорённости (JSON)")) { UIHint = "code-editor" },
        new("ResultSubject", "String", new("What the second task is called", "Тема второй задачи")), new("ResultInstructions", "String", new("Instructions for the meeting", "Инструкция к встрече")) { UIHint = "multiline" },
        new("ResultHours", "Double", new("Result within, working hours", "Результат за, рабочих часов")), new("ResultForm", "String", new("Form of the result (JSON)", "Форма результата (JSON)")) { UIHint = "code-editor" },
    ],
    Outputs = [new("Result", "String", new("Outcome", "Исход"))],
})
{
    /// <summary>The meeting took place.</summary>
    public const string Held = "Held";
    /// <summary>The client did not come.</summary>
    public const string NoShow = "NoShow";
    /// <summary>The client does not want to meet.</summary>
    public const string Declined = "Declined";
    /// <summary>The client cannot be reached.</summary>
    public const string NoAnswer = "NoAnswer";
    /// <summary>Button of the first task: the client has agreed. No outcome of the activity.</summary>
    public const string Booked = "Booked";
    /// <summary>Name of the bookmark that a change of the meeting's time resumes.</summary>
    public const string BookmarkName = "SalesFlow.Meeting";
    private const string MeetingKey = "Meeting", TaskKey = "Task", AskingKey = "Asking", AgreedKey = "Agreed";
    private const string ReminderName = "SalesFlow.MeetingReminder";
    private const double HoursAfter = 4, HoursWithoutTime = 40, HoursBefore = 3;

    /// <summary>What the buttons are called.</summary>
    internal static readonly ImmutableDictionary<string, Text> ButtonNames = new Dictionary<string, Text>
    {
        [Booked] = new("Booked", "Договорились"), [NoAnswer] = new("No answer", "Не отвечает"), [Declined] = new("Declined", "Отказ"), [Held] = new("Held", "Встретились"), [NoShow] = new("No-show", "Не состоялась"),
    }.ToImmutableDictionary();

    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var facts = SalesActivities.Facts(activation);
        var (rules, members) = (Rules(activation), WordList.Read(activation.Input<string>("Members")) is { IsEmpty: false } ticked ? WordList.Write(ticked) : "owner");
        if (MeetingMembers.Unknown(members) is { } unknown)
            throw new FaultException($"'{unknown}' is no member of a meeting; expected owner, user:<name>, role:<role> or team:<team>, separated by commas.");
        var id = new MeetingId(RowIds.Of(activation.Instance.InstanceId, activation.NextNumber()));
        var bookmark = activation.Wait(BookmarkName, autoBurn: false);
        activation.Remember(MeetingKey, id.Value);
        activation.Change(new MeetingOffered(facts.Deal.Id, activation.Now, id, Texts.Read(activation.Input<string>("Topic") ?? "{\"ru\": \"Встреча\", \"en\": \"Meeting\"}"), facts.Deal.StageKey ?? "", activation.Node.Id, bookmark.Number, members,
            activation.Input<string>("Need") == "all" ? MeetingNeed.All : MeetingNeed.Any, rules, activation.Input<string>("Place"), activation.Input<string>("Language") == "en" ? "en" : "ru"));
        AskToAgree(activation);
    }

    /// <inheritdoc />
    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        if (bookmark.Name == BookmarkName)
            SlotChanged(activation);
        else if (bookmark.Name == ReminderName)
            Remind(activation);
        else if (SalesActivities.Member(input, "outcome") == Booked)
        {
            if (Of(activation) is { Status: MeetingStatus.Offered } meeting)
                activation.Change(new MeetingAgreed(meeting.DealId, activation.Now, meeting.Id));
            AskToHold(activation);
        }
        else
            End(activation, SalesActivities.Member(input, "outcome") ?? NoAnswer);
    }

    /// <inheritdoc />
    public override void Cancelled(Activation activation)
    {
        TaskActivity.Withdraw(activation);
        if (Of(activation) is { IsOpen: true } meeting)
            Change(activation, meeting, null, MeetingStatus.Withdrawn, null);
    }

    /// <inheritdoc />
    public override bool WatchesFacts => true;

    /// <summary>Hours that are computed from what is known of the deal follow it, as long as the meeting has no time.</summary>
    public override void FactsChanged(Activation activation)
    {
        var agreed = activation.Recall<bool>(AgreedKey);
        if (SalesActivities.NewHours(activation, agreed ? "ResultHours" : "DueHours") is { } hours && Of(activation) is { Status: not MeetingStatus.Booked })
            TaskActivity.PlanAnew(activation, new TaskId(activation.Recall<long>(TaskKey)), hours > 0 || !agreed ? hours : HoursWithoutTime, otherHours: true);
    }

    /// <inheritdoc />
    public override bool WatchesTime => true;

    /// <inheritdoc />
    public override void TimeChanged(Activation activation)
    {
        // What follows a meeting's time stays with it.
        if (Of(activation) is { Status: not MeetingStatus.Booked })
            TaskActivity.PlanAnew(activation, new TaskId(activation.Recall<long>(TaskKey)), !activation.Recall<bool>(AgreedKey) ? activation.Input<double>("DueHours")
                : activation.Input<double>("ResultHours") is > 0 and var hours ? hours : HoursWithoutTime);
    }

    // What the command has done to the meeting decides, not what it said to the activity.
    private static void SlotChanged(Activation activation)
    {
        var (meeting, agreed) = (Of(activation), activation.Recall<bool>(AgreedKey));
        PlanReminder(activation, meeting);
        if (meeting is { Status: MeetingStatus.Booked } && !agreed)
        {
            StopAsking(activation);
            AskToHold(activation);
        }
        else if (meeting is { Status: MeetingStatus.Booked })
            activation.Change(new TaskRescheduled(meeting.DealId, activation.Now, new TaskId(activation.Recall<long>(TaskKey)), Due(activation, meeting)));
        else if (meeting is { Status: MeetingStatus.Offered } && agreed)
        {
            StopAsking(activation);
            AskToAgree(activation);
        }
    }

    // One that is booked within the reminder's time needs none: its invitation has just gone out.
    private static void PlanReminder(Activation activation, Meeting? meeting)
    {
        foreach (var timer in activation.Instance.Bookmarks.Where(waiting => waiting.Activation == activation.Id && waiting.Name == ReminderName).ToArray())
            activation.Burn(timer);
        var hours = activation.Input<double?>("RemindHours") ?? HoursBefore;
        if (hours > 0 && meeting is { Status: MeetingStatus.Booked, StartAt: { } start } && start.AddHours(-hours) is var at && at > activation.Now)
            activation.WaitUntil(at, ReminderName);
    }

    private static void Remind(Activation activation)
    {
        if (Of(activation) is { } meeting)
            foreach (var letter in MeetingMails.Reminder(meeting, SalesActivities.Facts(activation), activation.Now))
                activation.Change(letter);
    }

    private static void End(Activation activation, string outcome)
    {
        var deal = SalesActivities.Facts(activation).Deal;
        if (Of(activation) is { } meeting && deal.Task(new TaskId(activation.Recall<long>(TaskKey))) is var task)
            Change(activation, meeting, task?.CompletedBy, StatusOf(outcome), task?.Comment ?? Said(task, deal, outcome));
        activation.Output("Result", outcome);
        activation.Complete(outcome);
    }

    // A meeting that ends before its time gives the time back, and who was invited hears of it.
    private static void Change(Activation activation, Meeting meeting, UserId? by, MeetingStatus result, string? notes)
    {
        var frees = meeting.StartAt > activation.Now && result != MeetingStatus.Held;
        if (frees)
            foreach (var letter in MeetingMails.Cancelled(meeting, SalesActivities.Facts(activation), activation.Now, by))
                activation.Change(letter);
        activation.Change(new MeetingEnded(meeting.DealId, activation.Now, by, meeting.Id, result, notes) { FreesTime = frees, Freed = frees ? meeting.Cells : [] });
    }

    private static MeetingStatus StatusOf(string outcome) => outcome switch { Held => MeetingStatus.Held, NoShow => MeetingStatus.NoShow, Declined => MeetingStatus.Declined, _ => MeetingStatus.NoAnswer };

    // What the form asks of this very button is what there is to say.
    private static string? Said(SalesTask? task, Deal deal, string outcome) => task?.Form.Find(field => field.Type == FieldType.Text && field.IsRequiredBy(outcome)) is { } field
        ? Conversion.To<string>(deal.Fields.GetValueOrDefault(field.Field)) : null;

    private static void AskToAgree(Activation activation)
    {
        activation.Remember(AgreedKey, false);
        SalesActivities.NewHours(activation, "DueHours");
        var due = activation.Input<double>("DueHours") is > 0 and var hours ? Calendar(activation).Add(activation.Now, TimeSpan.FromHours(hours)) : (DateTimeOffset?)null;
        Ask(activation, Subject(activation), Texts.Read(activation.Input<string>("Instructions")), due, TaskActivity.Form(activation.Input<string>("Form")), Booked, NoAnswer, Declined);
    }

    private static void AskToHold(Activation activation)
    {
        activation.Remember(AgreedKey, true);
        SalesActivities.NewHours(activation, "ResultHours");
        Ask(activation, Texts.Read(activation.Input<string>("ResultSubject") ?? "{\"ru\": \"Провести встречу\", \"en\": \"Hold the meeting\"}"), Texts.Read(activation.Input<string>("ResultInstructions")),
            Due(activation, Of(activation)), TaskActivity.Form(activation.Input<string>("ResultForm")), Held, NoShow, Declined);
    }

    private static void Ask(Activation activation, Text subject, Text instructions, DateTimeOffset? due, ImmutableArray<FormField> form, params string[] buttons)
    {
        var facts = SalesActivities.Facts(activation);
        var task = new TaskId(RowIds.Of(activation.Instance.InstanceId, activation.NextNumber()));
        var bookmark = activation.Wait(TaskActivity.BookmarkName);
        activation.Remember(TaskKey, task.Value);
        activation.Remember(AskingKey, bookmark.Number);
        var (person, insteadOf) = TaskActivity.Person("owner", null, facts, activation.Now);
        activation.Change(new TaskOpened(facts.Deal.Id, activation.Now, task, subject, instructions, facts.Deal.StageKey ?? "", person, null, due,
            [.. buttons.Select(button => new TaskOutcome(button, ButtonNames[button]))], form, activation.Node.Id, bookmark.Number) { InsteadOf = insteadOf });
    }

    private static void StopAsking(Activation activation)
    {
        TaskActivity.Withdraw(activation);
        var number = activation.Recall<int>(AskingKey);
        if (activation.Instance.Bookmarks.Find(waiting => waiting.Activation == activation.Id && waiting.Number == number) is { } waiting)
            activation.Burn(waiting);
    }

    private static DateTimeOffset Due(Activation activation, Meeting? meeting) => Calendar(activation) is var calendar && meeting?.EndAt is { } end
        ? calendar.Add(end, TimeSpan.FromHours(HoursAfter)) : calendar.Add(activation.Now, TimeSpan.FromHours(activation.Input<double>("ResultHours") is > 0 and var hours ? hours : HoursWithoutTime));

    // Of whoever gets the task: the owner or who stands in.
    private static Calendars.WorkingCalendar Calendar(Activation activation)
    {
        var facts = SalesActivities.Facts(activation);
        return facts.CalendarOf(TaskActivity.Person("owner", null, facts, activation.Now).Assignee);
    }

    private static Text Subject(Activation activation) => Texts.Read(activation.Input<string>("Subject") ?? "{\"ru\": \"Договориться о встрече\", \"en\": \"Book a meeting\"}");

    private static Meeting? Of(Activation activation) => (activation.Facts as DealFacts)?.Deal.Meeting(new MeetingId(activation.Recall<long>(MeetingKey)));

    private static SlotRules Rules(Activation activation) =>
        Rules(input => activation.Input<double?>(input)) is var rules && rules.Problem is { } problem ? throw new FaultException(problem.En) : rules;

    /// <summary>The rules made of the numbers that inputs give, where they give any.</summary>
    internal static SlotRules Rules(Func<string, double?> number)
    {
        int Minutes(string input, int otherwise, int factor = 1) => number(input) is { } given ? (int)Math.Round(given * factor) : otherwise;
        var usual = new SlotRules();
        return new()
        {
            Length = Minutes("Length", usual.Length), Step = Minutes("Step", usual.Step), BufferBefore = Minutes("BufferBefore", usual.BufferBefore), BufferAfter = Minutes("BufferAfter", usual.BufferAfter),
            Notice = Minutes("NoticeHours", usual.Notice, 60), Horizon = Minutes("HorizonDays", usual.Horizon),
        };
    }
}
