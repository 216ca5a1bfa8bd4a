using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Rules;

/// <summary>Fields of the deal must be filled in.</summary>
public sealed record RequiredFields(ImmutableArray<string> Fields, Text? Message) : RuleAtom(Message)
{
    /// <inheritdoc />
    public override string Kind => "requiredFields";
    /// <inheritdoc />
    public override string Identity => $"{Kind} {string.Join(' ', Fields.Order(StringComparer.Ordinal))}";
    /// <inheritdoc />
    public override Text DefaultWords => new($"Fields must be filled in: {string.Join(", ", Fields)}", $"Должны быть заполнены поля: {string.Join(", ", Fields)}");
    /// <inheritdoc />
    public override Text Fix => new($"Fill in {string.Join(", ", Fields)} in the deal or in its task.", $"Заполните {string.Join(", ", Fields)} в сделке или в её задаче.");
    /// <inheritdoc />
    public override bool IsReversible => true;
    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => 0.1 * Fields.Count(name => !FieldCondition.IsFilled(moment.Facts.Deal, name));
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => Fields.All(name => FieldCondition.IsFilled(moment.Facts.Deal, name));
}

/// <summary>How a field is compared.</summary>
public enum Comparison { Equal, NotEqual, Less, AtMost, More, AtLeast, Contains, Filled, Empty }

/// <summary>The words of the definition for comparisons.</summary>
internal static class Comparisons
{
    private static readonly Dictionary<string, Comparison> Known = new()
    {
        ["="] = Comparison.Equal, ["!="] = Comparison.NotEqual, ["<"] = Comparison.Less, ["<="] = Comparison.AtMost, [">"] = Comparison.More, [">="] = Comparison.AtLeast,
        ["contains"] = Comparison.Contains, ["filled"] = Comparison.Filled, ["empty"] = Comparison.Empty,
    };

    public static Comparison Read(string word) => Known.TryGetValue(word, out var comparison) ? comparison
        : throw new FormatException($"compares by '{word}'; known are {string.Join(", ", Known.Keys)}");

    public static string Word(Comparison comparison) => Known.First(pair => pair.Value == comparison).Key;
}

/// <summary>A field of the deal compares so with a value; numbers as numbers, everything else as text.</summary>
public sealed record FieldCondition(string Field, Comparison Is, object? Value, Text? Message) : RuleAtom(Message)
{
    /// <inheritdoc />
    public override string Kind => "field";
    /// <inheritdoc />
    public override string Identity => $"{Kind} {Field} {Is} {Value}";
    /// <inheritdoc />
    public override Text DefaultWords => Is switch
    {
        Comparison.Filled => new($"The field {Field} must be filled in", $"Поле {Field} должно быть заполнено"),
        Comparison.Empty => new($"The field {Field} must be empty", $"Поле {Field} должно быть пустым"),
        Comparison.Contains => new($"The field {Field} must contain '{Value}'", $"Поле {Field} должно содержать «{Value}»"),
        _ => new($"Must hold: {Field} {Comparisons.Word(Is)} {Value}", $"Должно быть: {Field} {Comparisons.Word(Is)} {Value}"),
    };
    /// <inheritdoc />
    public override Text Fix => new($"Change the field {Field} of the deal.", $"Измените поле {Field} в сделке.");
    /// <inheritdoc />
    public override bool IsReversible => true;
    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => 0.1;

    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment)
    {
        var value = Read(moment.Facts.Deal, Field);
        return Is switch
        {
            Comparison.Filled => IsFilled(moment.Facts.Deal, Field),
            Comparison.Empty => !IsFilled(moment.Facts.Deal, Field),
            Comparison.Contains => value?.ToString()?.Contains(Value?.ToString() ?? "", StringComparison.OrdinalIgnoreCase) == true,
            _ => Compare(value) is { } order && Holds(order),
        };
    }

    /// <summary>True when the deal has a value there: a word that is not blank, an amount above nought.</summary>
    internal static bool IsFilled(Deal deal, string name) => name == "amount" ? deal.Amount > 0 : Read(deal, name) is { } value && !string.IsNullOrWhiteSpace(value.ToString());

    private static object? Read(Deal deal, string name) => name switch
    {
        "amount" => deal.Amount,
        "currency" => deal.Currency,
        "title" => deal.Title,
        "channel" => deal.Channel,
        "owner" => deal.Owner?.ToString(),
        _ => deal.Fields.GetValueOrDefault(name),
    };

    private bool Holds(int order) => Is switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.AtMost => order <= 0,
        Comparison.More => order > 0,
        _ => order >= 0,
    };

    /// <summary>Null when there is nothing to compare: then no comparison holds but "!=".</summary>
    private int? Compare(object? value)
    {
        if (value is null)
            return Is == Comparison.NotEqual && Value is not null ? 1 : null;
        return Number(value) is { } number && Number(Value) is { } other ? number.CompareTo(other) : string.CompareOrdinal(value.ToString(), Value?.ToString());
    }

    private static decimal? Number(object? value) => value switch
    {
        decimal or int or long or double => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}

/// <summary>A task must have been completed with an outcome.</summary>
public sealed record RequiredOutcome(string Task, string Outcome, Text? Message) : RuleAtom(Message)
{
    // A task that is not open yet has no due time to go by.
    private const double UnknownHours = 8;

    /// <inheritdoc />
    public override string Kind => "requiredOutcome";
    /// <inheritdoc />
    public override string Identity => $"{Kind} {Task} {Outcome}";
    /// <inheritdoc />
    public override Text DefaultWords => new($"The task '{Task}' must end with '{Outcome}'", $"Задача «{Task}» должна завершиться с исходом «{Outcome}»");
    /// <inheritdoc />
    public override Text Fix => new("Complete the task that leads to it.", "Выполните задачу, которая к этому ведёт.");

    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => moment.Facts.Deal.Tasks.Find(task => task.Status == SalesTaskStatus.Open && Is(task)) is { DueAt: { } due }
        ? Math.Max(0.25, moment.Facts.Calendar.WorkingSeconds(moment.Now, due) / 3600.0) : UnknownHours;

    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) =>
        // Once the deal has gone back, or asks again, the answer of the first time no longer counts.
        moment.Facts.Deal.Tasks.Where(task => task.Status != SalesTaskStatus.Cancelled && Is(task)).MaxBy(task => task.Id) is { Status: SalesTaskStatus.Done } last && last.Outcome == Outcome
        && !(last.CreatedAt < moment.Facts.Deal.CountsFrom(last.StageKey));

    /// <summary>True for the task that is meant.</summary>
    internal bool Is(SalesTask task) => task.ActivityId == Task || task.Title.En == Task || task.Title.Ru == Task;
}

/// <summary>A document of a kind must have been issued, or also sent to the client.</summary>
public sealed record RequiredDocument(string Document, Text? Message) : RuleAtom(Message)
{
    /// <inheritdoc />
    public override string Kind => "requiredDocument";
    /// <inheritdoc />
    public override string Identity => Sent ? $"{Kind} {Document} sent" : $"{Kind} {Document}";
    /// <summary>True when it must have been sent too.</summary>
    public bool Sent { get; init; }
    /// <inheritdoc />
    public override Text DefaultWords => Sent
        ? new($"A document must be sent to the client: {DocumentKinds.Name(Document).En}", $"Клиенту должен быть отправлен документ: {DocumentKinds.Name(Document).Ru}")
        : new($"A document must be issued: {Document}", $"Должен быть выпущен документ: {Document}");
    /// <inheritdoc />
    public override Text Fix => Sent
        ? new("Send the document from the page of the deal, under Documents.", "Отправьте документ со страницы сделки, из раздела «Документы».")
        : new("Complete the task that issues the document.", "Выполните задачу, по которой выпускается документ.");
    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => 1;
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => moment.Facts.Deal.Documents.Exists(document => document.Kind == Document && document.VoidedAt is null && (!Sent || document.SentAt is not null));
}

/// <summary>The deal must have stayed in the stage for some working time.</summary>
public sealed record MinimumWorkingTime(double Hours, Text? Message) : RuleAtom(Message)
{
    /// <inheritdoc />
    public override string Kind => "minimumWorkingTime";
    /// <inheritdoc />
    public override string Identity => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Hours}");
    /// <inheritdoc />
    public override Text DefaultWords => new($"The stage takes at least {Hours} working hours", $"Этап длится не меньше {Hours} рабочих часов");
    /// <inheritdoc />
    public override Text Fix => new("Wait until that time has passed.", "Дождитесь, пока пройдёт это время.");
    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => Math.Max(0, Hours - Worked(moment) / 3600.0);
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => Hours * 3600 <= Worked(moment);

    /// <summary>The earliest instant at which it is met, if the deal stays where it is.</summary>
    public DateTimeOffset MetAt(RuleMoment moment) => moment.Facts.CalendarOf((moment.Facts.Deal.Visits.FindLast(visit => visit.StageKey == moment.StageKey && visit.LeftAt is null)?.Owner) ?? moment.Facts.Deal.Owner)
        .Add(moment.Now, TimeSpan.FromHours(Hours) - TimeSpan.FromSeconds(Worked(moment)));

    // What has to ripen ripens while the client is waited for too.
    private static long Worked(RuleMoment moment) => moment.Facts.Deal.Visits.Where(visit => visit.StageKey == moment.StageKey)
        .Select(visit => visit.Clock(moment.Facts.CalendarOf(visit.Owner), moment.Now)).Sum(clock => clock.Worked + clock.Waited);
}

/// <summary>Someone with a role must move the deal; the process itself passes only what a person has started.</summary>
public sealed record RequiredRole(string Role, Text? Message) : RuleAtom(Message)
{
    /// <inheritdoc />
    public override string Kind => "role";
    /// <inheritdoc />
    public override string Identity => $"{Kind} {Role}";
    /// <inheritdoc />
    public override Text DefaultWords => new($"Someone with the role '{Role}' must move the deal", $"Сделку переводит сотрудник с ролью «{Role}»");
    /// <inheritdoc />
    public override Text Fix => new($"Ask someone with the role '{Role}' to move the deal.", $"Попросите сотрудника с ролью «{Role}» перевести сделку.");
    /// <inheritdoc />
    public override string DoneBy => Role;
    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => 1;
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => moment.Mover?.Is(Role) == true;
}

/// <summary>An expression over deal, client, tasks, documents and stage must be true.</summary>
public sealed record ExpressionRule(Expression Expression, Text? Message) : RuleAtom(Message)
{
    private static readonly Evaluator Evaluator = new(new EngineLimits());

    /// <inheritdoc />
    public override string Kind => "expression";
    /// <inheritdoc />
    public override string Identity => $"{Kind} {Expression.Type} {Expression.Value}";
    /// <inheritdoc />
    public override Text DefaultWords => new($"Must be true: {Expression.Value}", $"Должно выполняться: {Expression.Value}");
    /// <inheritdoc />
    public override Text Fix => new("Change the deal so that the condition holds.", "Измените сделку так, чтобы условие выполнялось.");
    /// <inheritdoc />
    public override bool IsReversible => true;
    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => 1;
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => Evaluator.Evaluate(Expression, new FactsScope(moment.Facts, moment.Now), "Boolean") is true;
}
