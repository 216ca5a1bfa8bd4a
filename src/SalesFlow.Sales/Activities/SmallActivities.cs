using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Activities;

/// <summary>A document of the deal is to be rendered from its template, numbered and kept.</summary>
public sealed record RenderDocument(string Kind, string Template, string Language) : Effect;

/// <summary>Where the process of a deal begins.</summary>
public sealed class DealStarted() : Activity(new("SalesFlow.DealStarted", new("Deal created", "Сделка создана"), SalesActivities.Category) { Kind = "Trigger", IsStart = true })
{
    /// <inheritdoc />
    public override void Execute(Activation activation) => activation.Complete();
}

/// <summary>Issues a document and waits until it is kept.</summary>
public sealed class DocumentActivity() : Activity(new("SalesFlow.Document", new("Document", "Документ"), SalesActivities.Category)
{
    Inputs = [new("Kind", "String", new("Kind", "Вид")), new("Template", "String", new("Template", "Шаблон")), new("Language", "String", new("Language", "Язык")) { Default = "ru" }],
})
{
    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var kind = activation.Input<string>("Kind") ?? throw new FaultException("The document has no kind; expected one such as offer or contract.");
        activation.Effect(new RenderDocument(kind, activation.Input<string>("Template") ?? kind, activation.Input<string>("Language") ?? "ru"), activation.Wait("SalesFlow.Document"));
    }

    /// <summary>Member of the bookmark's input that tells why there is no document.</summary>
    public const string Error = "error";

    /// <inheritdoc />
    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        if (SalesActivities.Member(input, Error) is { } trouble)
            throw new FaultException(trouble);
        activation.Complete();
    }
}

/// <summary>Sets fields of the deal.</summary>
public sealed class UpdateDeal() : Activity(new("SalesFlow.UpdateDeal", new("Update deal", "Изменить сделку"), SalesActivities.Category)
{
    Inputs = [new("Fields", "Object", new("Fields", "Поля")) { UIHint = "code-editor", DefaultSyntax = "Object" }],
})
{
    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var written = activation.Input<object>("Fields");
        var fields = (written is string text ? Engine.Expressions.Json.Parse(text) : written) as IDictionary<string, object?>
            ?? throw new FaultException("Fields must be an object of names and values, such as {\"budget\": 100}.");
        activation.Change(new FieldsChanged(SalesActivities.Facts(activation).Deal.Id, activation.Now, null, fields.ToImmutableDictionary()));
        activation.Complete();
    }
}

/// <summary>Checks rules in the middle of a stage: goes on, turns aside, or waits until they are met.</summary>
public sealed class Gate() : Activity(new("SalesFlow.Gate", new("Gate", "Проверка"), SalesActivities.Category)
{
    Outcomes = [new("Passed", new("Passed", "Пройдено")), new("Blocked", new("Blocked", "Не пройдено"))],
    Inputs = [new("Rules", "String", new("Rules (JSON)", "Правила (JSON)")) { UIHint = "code-editor" }, new("Wait", "Boolean", new("Wait until met", "Ждать выполнения")) { UIHint = "checkbox" }],
})
{
    private const string BookmarkName = "SalesFlow.Gate";

    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var rules = StageRule.Read(activation.Input<string>("Rules"));
        if (AreMet(activation, rules))
            activation.Complete("Passed");
        else if (activation.Input<bool>("Wait"))
        {
            activation.Wait(BookmarkName, autoBurn: false);
            activation.Remember("Waiting", true);
            StageActivity.WaitForTime(activation, Moment(activation), rules, BookmarkName);
        }
        else
            activation.Complete("Blocked");
    }

    /// <inheritdoc />
    public override void Resume(Activation activation, Bookmark bookmark, object? input) => FactsChanged(activation);

    /// <inheritdoc />
    public override bool WatchesTime => true;

    /// <inheritdoc />
    public override void TimeChanged(Activation activation) => VersionChanged(activation);

    /// <inheritdoc />
    public override void VersionChanged(Activation activation)
    {
        if (!activation.Recall<bool>("Waiting"))
            return;
        StageActivity.Burn(activation, BookmarkName);
        StageActivity.WaitForTime(activation, Moment(activation), StageRule.Read(activation.Input<string>("Rules")), BookmarkName);
    }

    /// <inheritdoc />
    public override bool WatchesFacts => true;

    /// <inheritdoc />
    public override void FactsChanged(Activation activation)
    {
        if (activation.Recall<bool>("Waiting") && activation.Node.Inputs.TryGetValue("Rules", out var written)
            && AreMet(activation, StageRule.Read(activation.Evaluate(written, "String") as string)))
            activation.Complete("Passed");
    }

    private static bool AreMet(Activation activation, ImmutableArray<StageRule> rules) => rules.All(rule => rule.IsMet(Moment(activation)));

    private static RuleMoment Moment(Activation activation)
    {
        var facts = SalesActivities.Facts(activation);
        return new(facts, facts.Deal.StageKey ?? "", activation.Now);
    }
}

/// <summary>Closes the deal as won or lost and ends its process.</summary>
public sealed class CloseDeal() : Activity(new("SalesFlow.CloseDeal", new("Close deal", "Закрыть сделку"), SalesActivities.Category)
{
    IsTerminal = true,
    Inputs =
    [
        new("Result", "String", new("Result", "Результат")) { UIHint = "dropdown", Options = [("won", new("Won", "Выиграна")), ("lost", new("Lost", "Проиграна"))], Default = "won" },
        new("Reason", "String", new("Reason", "Причина")),
    ],
})
{
    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var (deal, reason) = (SalesActivities.Facts(activation).Deal.Id, activation.Input<string>("Reason"));
        activation.Change(activation.Input<string>("Result") == "lost" ? new DealLost(deal, activation.Now, null, reason) : new DealWon(deal, activation.Now, null, reason));
        activation.FinishWorkflow();
    }
}

/// <summary>Waits for so many working hours.</summary>
public sealed class WorkingDelay() : Activity(new("SalesFlow.WorkingDelay", new("Working delay", "Рабочая задержка"), SalesActivities.Category)
{
    Inputs = [new("Hours", "Double", new("Working hours", "Рабочих часов"))],
})
{
    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        SalesActivities.NewHours(activation, "Hours");
        activation.WaitUntil(Calendar(activation).Add(activation.Now, TimeSpan.FromHours(activation.Input<double>("Hours"))), "SalesFlow.WorkingDelay");
    }

    /// <inheritdoc />
    public override void VersionChanged(Activation activation) => PlanAnew(activation, activation.Input<double>("Hours"));

    private static void PlanAnew(Activation activation, double hours)
    {
        if (activation.Instance.Bookmarks.Find(waiting => waiting.Activation == activation.Id) is not { } timer)
            return;
        // A timer that was planned anew before was not created when the wait began.
        var begun = activation.Recall<long>("BegunAt") is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : timer.CreatedAt;
        activation.Remember("BegunAt", begun.UtcTicks);
        activation.Burn(timer);
        activation.WaitUntil(Calendar(activation).Add(begun, TimeSpan.FromHours(hours)), "SalesFlow.WorkingDelay");
    }

    /// <inheritdoc />
    public override bool WatchesFacts => true;

    /// <summary>Hours that are computed from what is known of the deal follow it.</summary>
    public override void FactsChanged(Activation activation)
    {
        if (SalesActivities.NewHours(activation, "Hours") is { } hours)
            PlanAnew(activation, hours);
    }

    /// <inheritdoc />
    public override bool WatchesTime => true;

    /// <inheritdoc />
    public override void TimeChanged(Activation activation) => VersionChanged(activation);

    // The hours of whoever carries the deal.
    private static Calendars.WorkingCalendar Calendar(Activation activation)
    {
        var facts = SalesActivities.Facts(activation);
        return facts.CalendarOf(facts.Deal.Owner);
    }
}
