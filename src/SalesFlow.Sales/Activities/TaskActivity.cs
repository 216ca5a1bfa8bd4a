using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Activities;

/// <summary>Asks a person to do something and goes on by the button that was pressed.</summary>
public sealed class TaskActivity() : Activity(new("SalesFlow.Task", new("Task", "Задача"), SalesActivities.Category)
{
    Inputs =
    [
        new("Subject", "String", new("Subject", "Тема")), new("Instructions", "String", new("Instructions", "Инструкция")) { UIHint = "multiline" },
        new("Assignee", "String", new("Assignee", "Исполнитель")) { Default = "owner", Description = new("owner, role:<role> or user:<name>", "owner, role:<роль> или user:<имя>") },
        new("DueHours", "Double", new("Due in working hours", "Срок, рабочих часов")),
        new("Outcomes", "Object", new("Buttons", "Кнопки")) { UIHint = "dynamic-outcomes", DefaultSyntax = "Object" },
        new("OutcomeNames", "String", new("Names of the buttons (JSON)", "Названия кнопок (JSON)")) { UIHint = "code-editor" },
        new("Form", "String", new("Form (JSON)", "Форма (JSON)")) { UIHint = "code-editor" },
    ],
    Outputs = [new("Result", "String", new("Outcome", "Исход"))],
})
{
    /// <summary>Name of the bookmark that a completion resumes with {"outcome"}.</summary>
    public const string BookmarkName = "SalesFlow.Task";

    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var facts = SalesActivities.Facts(activation);
        var task = new TaskId(activation.Instance.InstanceId << 20 | (long)activation.NextNumber());
        var bookmark = activation.Wait(BookmarkName);
        activation.Remember("Task", task.Value);
        var assignee = activation.Input<string>("Assignee") ?? "owner";
        var role = assignee.StartsWith("role:", StringComparison.Ordinal) ? assignee[5..] : null;
        var (person, insteadOf) = Person(assignee, role, facts, activation.Now);
        SalesActivities.NewHours(activation, "DueHours");
        DateTimeOffset? due = activation.Input<double>("DueHours") is > 0 and var hours ? facts.CalendarOf(person).Add(activation.Now, TimeSpan.FromHours(hours)) : null;
        activation.Change(new TaskOpened(facts.Deal.Id, activation.Now, task, Texts.Read(activation.Input<string>("Subject") ?? activation.Node.Title),
            Texts.Read(activation.Input<string>("Instructions")), facts.Deal.StageKey ?? "", person, role, due,
            Buttons(activation), Form(activation.Input<string>("Form")), activation.Node.Id, bookmark.Number) { InsteadOf = insteadOf });
    }

    /// <inheritdoc />
    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        var outcome = SalesActivities.Member(input, "outcome") ?? Outcomes.Done;
        activation.Output("Result", outcome);
        activation.Complete(outcome);
    }

    /// <inheritdoc />
    public override void Cancelled(Activation activation) => Withdraw(activation);

    /// <inheritdoc />
    public override bool WatchesTime => true;

    /// <inheritdoc />
    public override void TimeChanged(Activation activation) => PlanAnew(activation, new TaskId(activation.Recall<long>("Task")), activation.Input<double>("DueHours"));

    /// <inheritdoc />
    public override bool WatchesFacts => true;

    /// <summary>Hours that are computed from what is known of the deal follow it.</summary>
    public override void FactsChanged(Activation activation)
    {
        if (SalesActivities.NewHours(activation, "DueHours") is { } hours)
            PlanAnew(activation, new TaskId(activation.Recall<long>("Task")), hours, otherHours: true);
    }

    /// <summary>
    /// Counts an open task's hours anew from its beginning, by how its assignee works now. What was due already stays due: nobody is made late, or less late, by a change
    /// of hours. With <paramref name="otherHours"/> they are others than before: a task may then get a time that had none, and the other way round.
    /// </summary>
    internal static void PlanAnew(Activation activation, TaskId id, double hours, bool otherHours = false)
    {
        var facts = SalesActivities.Facts(activation);
        if (facts.Deal.Task(id) is not { Status: SalesTaskStatus.Open } task || task.DueAt <= (task.WaitingSince ?? activation.Now) || !otherHours && (task.DueAt is null || hours <= 0))
            return;
        DateTimeOffset? due = hours > 0 ? facts.CalendarOf(task.Assignee).Add(task.CreatedAt, TimeSpan.FromHours(hours) + TimeSpan.FromSeconds(task.WaitedSeconds)) : null;
        if (due != task.DueAt)
            activation.Change(new TaskRescheduled(facts.Deal.Id, activation.Now, id, due));
    }

    /// <summary>Withdraws the task that the execution remembers, if it is still open.</summary>
    internal static void Withdraw(Activation activation)
    {
        var task = new TaskId(activation.Recall<long>("Task"));
        if (activation.Facts is DealFacts { Deal: var deal } && deal.Task(task) is { Status: SalesTaskStatus.Open })
            activation.Change(new TaskCancelled(deal.Id, activation.Now, task));
    }

    /// <summary>The fields of every form at or below a node that is written out; forms that are computed or broken have none to tell.</summary>
    internal static IEnumerable<FormField> FormsBelow(Node node) => (node.Activity switch { TaskActivity => (IEnumerable<FormField>)Written(node, "Form"), Meetings.MeetingActivity => Written(node, "Form").Concat(Written(node, "ResultForm")), Approvals.ApprovalActivity => Approvals.ApprovalActivity.Form, _ => [] })
        .Concat(node.Children.Concat(node.Slots.Values).SelectMany(FormsBelow));

    private static ImmutableArray<FormField> Written(Node node, string input)
    {
        try
        {
            return node.Inputs.TryGetValue(input, out var form) && form is { Type: "Literal", Value.ValueKind: JsonValueKind.String } ? Form(form.Value.GetString()) : [];
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>
    /// The named person or the owner; while they are away whoever stands in, else a head of sales, and beside that in whose place. Where nobody is there at all the task
    /// waits for its person in that person's own place, until somebody comes back.
    /// </summary>
    internal static (UserId? Assignee, UserId? InsteadOf) Person(string assignee, string? role, DealFacts facts, DateTimeOffset now)
    {
        if (role is not null)
            return default;
        var meant = !assignee.StartsWith("user:", StringComparison.Ordinal) ? facts.Deal.Owner
            : facts.People.ByName.TryGetValue(assignee[5..], out var id) ? id : throw new FaultException($"The task is for '{assignee[5..]}', and there is no such user.");
        if (meant is not { } person)
            return default;
        var there = facts.People.StandIn(person, now) ?? facts.People.HeadThere(now);
        return (there ?? person, there == person ? null : person);
    }

    private static ImmutableArray<TaskOutcome> Buttons(Activation activation)
    {
        var written = activation.Input<object>("Outcomes");
        var keys = (written is string text ? Engine.Expressions.Json.Parse(text) : written) is IEnumerable<object?> list ? list.Select(key => key?.ToString() ?? "").ToList() : [];
        using var names = JsonDocument.Parse(activation.Input<string>("OutcomeNames") is { Length: > 0 } json ? json : "{}");
        return [.. (keys.Count == 0 ? [Outcomes.Done] : keys).Select(key => new TaskOutcome(key, names.RootElement.TryGetProperty(key, out var name) ? Texts.Read(name) : new(key, key)))];
    }

    /// <summary>The fields that a form asks for; throws when it is not written as one.</summary>
    internal static ImmutableArray<FormField> Form(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return [];
        using var form = JsonDocument.Parse(json);
        return [.. form.RootElement.EnumerateArray().Select(Field)];
    }

    private static FormField Field(JsonElement field)
    {
        var name = field.GetProperty("field").GetString() ?? "";
        return new(name, field.TryGetProperty("label", out var label) ? Texts.Read(label) : new(name, name),
            field.TryGetProperty("type", out var type) ? Enum.Parse<FieldType>(type.GetString()!, ignoreCase: true) : FieldType.Text,
            field.TryGetProperty("required", out var required) && required.GetBoolean(),
            [.. Options(field).Select(option => option.Value)], Strings(field, "requiredFor"), [.. Options(field).Select(option => option.Name)], Strings(field, "onlyFor"));
    }

    /// <summary>An option is its value, or an object of the value and what it is called: {"value", "ru", "en"}.</summary>
    private static IEnumerable<(string Value, Text Name)> Options(JsonElement field) => !field.TryGetProperty("options", out var list) || list.ValueKind != JsonValueKind.Array ? []
        : list.EnumerateArray().Select(option => option.ValueKind == JsonValueKind.Object ? (option.GetProperty("value").ToString(), Texts.Read(option)) : (option.ToString(), Texts.Read(option)));

    private static List<string>? Strings(JsonElement field, string name) =>
        field.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.ToString())] : null;
}
