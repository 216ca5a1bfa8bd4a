using System.Globalization;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Deals;

/// <summary>Fields of a deal and what they were set to, in words: called as the forms of its tasks call them.</summary>
internal static class FieldWords
{
    private const int LongestShown = 80;
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US"), Russian = CultureInfo.GetCultureInfo("ru-RU");
    private static readonly Dictionary<string, Text> Names = new()
    {
        ["title"] = new("Title", "Название"), ["amount"] = new("Amount", "Сумма"), ["currency"] = new("Currency", "Валюта"), ["channel"] = new("Channel", "Канал"),
        ["owner"] = new("Owner", "Ответственный"),
    };

    /// <summary>"Budget: 5,000, Decision maker: CFO".</summary>
    public static Text Of(IReadOnlyDictionary<string, object?> values, Deal deal)
    {
        var fields = values.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => (Label: Label(field.Key, deal), field.Value, Name: Chosen(field.Key, field.Value, deal))).ToList();
        return new(string.Join(", ", fields.Select(field => $"{field.Label.En}: {(field.Name ?? Value(field.Value, English)).En}")),
            string.Join(", ", fields.Select(field => $"{field.Label.Ru}: {(field.Name ?? Value(field.Value, Russian)).Ru}")));
    }

    /// <summary>What a field is called: by the deal itself, by a form of its tasks, or by its own name.</summary>
    internal static Text Label(string field, Deal deal) => Names.GetValueOrDefault(field)
        ?? deal.Tasks.SelectMany(task => task.Form).FirstOrDefault(asked => asked.Field == field)?.Label ?? new(field, field);

    /// <summary>What the value of a choice is called by the form that asked for it; null for any other value.</summary>
    private static Text? Chosen(string field, object? value, Deal deal) => value is string { Length: > 0 } key && deal.Tasks.SelectMany(task => task.Form).FirstOrDefault(asked => asked.Field == field && asked.Options.Contains(key)) is { } form ? form.NameOf(key) : null;

    /// <summary>What a property of the deal itself is called.</summary>
    internal static Text Own(string property) => Names.GetValueOrDefault(property) ?? new(property, property);

    private static Text Value(object? value, CultureInfo culture) => value switch
    {
        null or "" => new("none", "не указано"),
        true => new("yes", "да"),
        false => new("no", "нет"),
        string text when DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) => Same(day.ToString("d", culture)),
        string text => Same(Short(text)),
        decimal or double or int or long => Same(((IFormattable)value).ToString("#,0.##", culture)),
        _ => Same(Short(Json.Write(value))),
    };

    private static Text Same(string text) => new(text, text);

    private static string Short(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";
}
