using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Deals;

/// <summary>
/// Why deals are lost: a key, kept as it is whatever the language, and details in somebody's words behind it ("noBudget: frozen until spring"). The keys are those of the
/// shipped processes; a reason that is none of them is shown as it was written.
/// </summary>
public static class LossReasons
{
    /// <summary>The key for what is none of the others.</summary>
    public const string Other = "other";
    private const string Between = ": ";

    private static readonly ImmutableDictionary<string, Text> Names = new Dictionary<string, Text>
    {
        ["noBudget"] = new("No budget", "Нет бюджета"), ["noNeed"] = new("No need", "Нет потребности"), ["competitor"] = new("Chose a competitor", "Выбрали конкурента"),
        ["terms"] = new("The terms did not suit", "Не устроили условия"), ["silent"] = new("Stopped answering", "Перестали отвечать"), [Other] = new("Something else", "Другое"),
        ["notFit"] = new("The client does not fit", "Клиент не подходит"), ["noMeeting"] = new("Declined the meeting", "Отказ от встречи"), ["offerDeclined"] = new("Declined the offer", "Отказ от предложения"),
        ["contractDeclined"] = new("Declined the contract", "Отказ от договора"), ["noPotential"] = new("No potential", "Клиент не перспективный"), ["noAccess"] = new("No access to the people", "Нет доступа к людям"),
        ["pilotDeclined"] = new("Declined the workshop or the pilot", "Отказ от сессии или пилота"), ["termsDeclined"] = new("Declined the terms", "Отказ от условий"),
        ["pilotDelayed"] = new("The pilot took too long", "Пилот затянулся"), ["pilotFailed"] = new("The pilot failed", "Пилот не удался"),
    }.ToImmutableDictionary();

    /// <summary>The keys that a person chooses from who closes a deal, in order.</summary>
    public static ImmutableArray<string> Choices { get; } = ["noBudget", "noNeed", "competitor", "terms", "silent", Other];

    /// <summary>Every key that has a name: first those that a person chooses from.</summary>
    public static ImmutableArray<string> Known { get; } = [.. Choices, .. Names.Keys.Except(Choices).Order(StringComparer.Ordinal)];

    /// <summary>What is kept of a key and details.</summary>
    public static string Of(string key, string? details) => string.IsNullOrWhiteSpace(details) ? key : $"{key}{Between}{details.Trim()}";

    /// <summary>What a key is called; the key itself when it is not known.</summary>
    public static Text Name(string key) => Names.GetValueOrDefault(key) ?? new(key, key);

    /// <summary>A kept reason in words.</summary>
    public static Text Say(string reason) => Split(reason) is var (key, details) && Names.TryGetValue(key, out var name)
        ? details.Length == 0 ? name : new($"{name.En}{Between}{details}", $"{name.Ru}{Between}{details}") : new(reason, reason);

    /// <summary>The key of a kept reason; <see cref="Other"/> for one that begins with none.</summary>
    public static string KeyOf(string? reason) => reason is not null && Split(reason).Key is var key && Names.ContainsKey(key) ? key : Other;

    private static (string Key, string Details) Split(string reason) => reason.IndexOf(Between, StringComparison.Ordinal) is >= 0 and var at ? (reason[..at], reason[(at + Between.Length)..]) : (reason, "");
}
