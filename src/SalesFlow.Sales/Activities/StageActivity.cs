using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Activities;

/// <summary>A stage of a pipeline: measures every stay, and lets a deal pass only when the exit rules are met.</summary>
public sealed class StageActivity() : Activity(new("SalesFlow.Stage", new("Stage", "Этап"), SalesActivities.Category)
{
    Description = new("A stage of the deal: the steps inside, the outcomes outside.", "Этап сделки: внутри шаги, снаружи исходы."),
    Slots = [new("Body", new("Steps of the stage", "Действия на этапе"))],
    Outcomes = [new("Done", new("Done", "Готово")), new("Lost", new("Lost", "Проиграно")), new("Back", new("Back", "Назад")), new("Overdue", new("Overdue", "Просрочено"))],
    Inputs =
    [
        new("Stage", "String", new("Key", "Ключ этапа")), new("NameRu", "String", new("Name in Russian", "Название по-русски")), new("NameEn", "String", new("Name in English", "Название по-английски")),
        new("Probability", "Double", new("Probability of winning, 0 to 1", "Вероятность победы, от 0 до 1")), new("LimitHours", "Double", new("Limit, working hours", "Срок, рабочих часов")),
        new("Rules", "String", new("Exit rules (JSON)", "Правила выхода (JSON)")) { UIHint = "code-editor", AutoEvaluate = false },
    ],
})
{
    /// <summary>Name of the bookmark by which moves and rechecks reach the stage.</summary>
    public const string BookmarkName = "SalesFlow.Stage";
    private const string LimitName = "SalesFlow.StageLimit";
    private const string RipeName = "SalesFlow.StageRipe";
    private const string LimitKey = "LimitHours";
    private const string PassedKey = "LimitPassed";

    /// <inheritdoc />
    public override object? Compile(NodeSource source)
    {
        var id = Literal(source, "id") ?? "";
        if (Literal(source, "stage") is not { Length: > 0 } key)
        {
            source.Report("stage", "is missing; expected the stage's key as a literal, such as \"qualification\"");
            return null;
        }
        var english = Literal(source, "nameEn") ?? Literal(source, "nameRu") ?? key;
        try
        {
            return new Stage(key, new(english, Literal(source, "nameRu") ?? english), id, 0, Number(source, "probability") ?? 0, Number(source, "limitHours"), StageRule.Read(Literal(source, "rules")));
        }
        catch (Exception broken) when (broken is FormatException or InvalidOperationException)
        {
            source.Report("rules", broken.Message);
            return null;
        }
    }

    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var (facts, stage) = (SalesActivities.Facts(activation), (Stage)activation.Node.Plan!);
        var bookmark = activation.Wait(BookmarkName, autoBurn: false);
        var visit = activation.NextNumber();
        activation.Remember("Visit", visit);
        activation.Remember("EnteredAt", activation.Now.UtcTicks);
        activation.Change(new StageEntered(facts.Deal.Id, activation.Now, visit, stage.Key, stage.Name, activation.Node.Id, bookmark.Number, facts.Deal.Owner,
            activation.Instance.DefinitionVersionId, SalesActivities.VersionOf(activation)));
        WaitForLimit(activation, facts, stage);
        if (activation.Node.Slots.TryGetValue("Body", out var body))
            activation.Schedule(body);
        else
            Finish(activation);
    }

    /// <inheritdoc />
    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        if (bookmark.Name == LimitName)
        {
            activation.Remember(PassedKey, true);
            // Without a connection the outcome would end the flow; the deal is then merely late.
            if (SalesActivities.Leads(activation, "Overdue"))
                activation.Complete("Overdue");
        }
        else if (SalesActivities.Member(input, "outcome") is { } outcome)
            activation.Complete(outcome);
        else if (bookmark.Name == RipeName)
            Finish(activation);
    }

    /// <inheritdoc />
    public override bool WatchesFacts => true;

    /// <inheritdoc />
    public override void FactsChanged(Activation activation)
    {
        KeepClock(activation);
        KeepLimit(activation);
        if (activation.Recall<bool>("Ready"))
            Finish(activation);
    }

    /// <inheritdoc />
    public override void VersionChanged(Activation activation)
    {
        KeepLimit(activation);
        PlanRipening(activation, SalesActivities.Facts(activation), (Stage)activation.Node.Plan!);
    }

    // A limit that has passed already is not passed again unless it is another one.
    private static void KeepLimit(Activation activation)
    {
        var stage = (Stage)activation.Node.Plan!;
        if (activation.Recall<double>(LimitKey) == LimitOf(activation, stage))
            return;
        Burn(activation, LimitName);
        activation.Remember(PassedKey, false);
        WaitForLimit(activation, SalesActivities.Facts(activation), stage);
    }

    /// <summary>Working hours within which the stage is to be left, written out or computed from what is known of the deal; 0 for no limit.</summary>
    private static double LimitOf(Activation activation, Stage stage) => stage.LimitHours ?? SalesActivities.ComputedHours(activation, "LimitHours") ?? 0;

    /// <inheritdoc />
    public override bool WatchesTime => true;

    /// <inheritdoc />
    public override void TimeChanged(Activation activation)
    {
        var (facts, stage) = (SalesActivities.Facts(activation), (Stage)activation.Node.Plan!);
        Burn(activation, LimitName);
        WaitForLimit(activation, facts, stage);
        PlanRipening(activation, facts, stage);
    }

    private static void PlanRipening(Activation activation, DealFacts facts, Stage stage)
    {
        if (!activation.Recall<bool>("Ready"))
            return;
        Burn(activation, RipeName);
        WaitForTime(activation, new RuleMoment(facts, stage.Key, activation.Now), stage.Rules, RipeName);
    }

    /// <inheritdoc />
    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => Finish(activation);

    /// <inheritdoc />
    public override bool Receive(Activation activation, Signal signal)
    {
        if (signal is not Signal.Complete complete)
            return false;
        if (complete.Outcomes.Names.FirstOrDefault(name => name != Outcomes.Done) is { } other)
            activation.Complete(other);
        else
        {
            foreach (var child in activation.Children.ToArray())
                child.Cancel();
            Finish(activation);
        }
        return true;
    }

    /// <inheritdoc />
    public override void Completing(Activation activation, Outcomes outcomes)
    {
        var outcome = outcomes.Names.Count > 0 ? outcomes.Names[0] : Outcomes.Done;
        if (outcome == Outcomes.Done && activation.Facts is DealFacts facts && activation.Node.Plan is Stage stage)
        {
            var moment = new RuleMoment(facts, stage.Key, activation.Now);
            foreach (var rule in stage.Rules.Where(rule => rule.Severity == Severity.Measured && !rule.IsMet(moment)))
                activation.Change(new RulePassed(facts.Deal.Id, activation.Now, null, stage.Key, rule.Kind, rule.Words, rule.Severity, null));
        }
        Leave(activation, outcome);
    }

    /// <inheritdoc />
    public override void Cancelled(Activation activation) => Leave(activation, activation.Facts is DealFacts { Deal.State: DealState.Lost } ? "Lost"
        : activation.Facts is DealFacts { Deal.State: DealState.Won } ? Outcomes.Done : "Cancelled");

    /// <summary>Stops the clock of the stage when the deal begins to wait for its client, and lets it go on when that ends.</summary>
    private static void KeepClock(Activation activation)
    {
        var (facts, stage) = (SalesActivities.Facts(activation), (Stage)activation.Node.Plan!);
        if (Visit(activation, facts) is not { LeftAt: null } visit || facts.Deal.WaitsForClient == visit.WaitingSince is not null)
            return;
        if (visit.WaitingSince is { } since)
        {
            activation.Change(new StageGoesOn(facts.Deal.Id, activation.Now, visit.Number, facts.CalendarOf(visit.Owner).WorkingSeconds(since, activation.Now)));
            WaitForLimit(activation, facts, stage);
        }
        else
        {
            activation.Change(new StageWaits(facts.Deal.Id, activation.Now, visit.Number));
            Burn(activation, LimitName);
        }
    }

    private static Visit? Visit(Activation activation, DealFacts facts) => facts.Deal.Stay(activation.Recall<int>("Visit"));

    private static void Finish(Activation activation)
    {
        var (facts, stage) = (SalesActivities.Facts(activation), (Stage)activation.Node.Plan!);
        var moment = new RuleMoment(facts, stage.Key, activation.Now);
        // A measured rule holds nobody up; that it was not met is counted when the stage is left.
        if (stage.Rules.All(rule => rule.Severity == Severity.Measured || rule.IsMet(moment)))
            activation.Complete();
        else if (!activation.Recall<bool>("Ready"))
        {
            activation.Remember("Ready", true);
            WaitForTime(activation, moment, stage.Rules, RipeName);
        }
    }

    /// <summary>A rule that only time can meet wakes its activity when it has.</summary>
    internal static void WaitForTime(Activation activation, RuleMoment moment, ImmutableArray<StageRule> rules, string bookmark)
    {
        foreach (var rule in StageRule.Atoms(rules).OfType<MinimumWorkingTime>())
            if (rule.MetAt(moment) is var at && at > activation.Now)
                activation.WaitUntil(at, bookmark);
    }

    /// <summary>Gives up the timers of that name.</summary>
    internal static void Burn(Activation activation, string name)
    {
        foreach (var timer in activation.Instance.Bookmarks.Where(waiting => waiting.Activation == activation.Id && waiting.Name == name && waiting.DueAt is not null).ToArray())
            activation.Burn(timer);
    }

    private static void WaitForLimit(Activation activation, DealFacts facts, Stage stage)
    {
        var (hours, visit) = (LimitOf(activation, stage), Visit(activation, facts));
        activation.Remember(LimitKey, hours);
        if (activation.Recall<bool>(PassedKey))
            return;
        DateTimeOffset? at = hours > 0 ? facts.CalendarOf(visit is null ? facts.Deal.Owner : visit.Owner).Add(EnteredAt(activation), TimeSpan.FromHours(hours) + TimeSpan.FromSeconds(visit?.WaitedSeconds ?? 0)) : null;
        long? seconds = hours > 0 ? (long)Math.Round(hours * 3600) : null;
        if (visit is not null && (visit.LimitSeconds, visit.LimitAt) != (seconds, at))
            activation.Change(new StageLimited(facts.Deal.Id, activation.Now, visit.Number, seconds, at));
        // While the deal waits for its client the limit comes no nearer; it is planned again when the wait ends.
        if (at is { } end && visit?.WaitingSince is null)
            activation.WaitUntil(end, LimitName);
    }

    private static DateTimeOffset EnteredAt(Activation activation) => new(activation.Recall<long>("EnteredAt"), TimeSpan.Zero);

    private static void Leave(Activation activation, string outcome)
    {
        if (activation.Recall<long>("EnteredAt") is not (> 0 and var ticks) || activation.Facts is not DealFacts facts)
            return;
        var (entered, stage) = (new DateTimeOffset(ticks, TimeSpan.Zero), (Stage)activation.Node.Plan!);
        var visit = Visit(activation, facts);
        var (worked, waited) = visit?.Clock(facts.CalendarOf(visit.Owner), activation.Now) ?? (facts.Calendar.WorkingSeconds(entered, activation.Now), 0);
        activation.Change(new StageLeft(facts.Deal.Id, activation.Now, activation.Recall<int>("Visit"), stage.Key, stage.Name, outcome,
            (long)(activation.Now - entered).TotalSeconds, worked, waited));
    }

    private static string? Literal(NodeSource source, string name) =>
        source.Json.TryGetProperty(name, out var json) && source.Expression(json) is { Type: "Literal" or "Object" } expression && expression.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? expression.Value.ToString() : null;

    private static double? Number(NodeSource source, string name) =>
        double.TryParse(Literal(source, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
