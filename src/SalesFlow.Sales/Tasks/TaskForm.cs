using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Tasks;

/// <summary>Checks what a person filled in against a task's form, and brings every value to the type the form says.</summary>
internal static class TaskForm
{
    /// <summary>The values by field, converted; throws with a message for each wrong, missing or unknown field.</summary>
    public static Dictionary<string, object?> Read(IReadOnlyList<FormField> form, IReadOnlyDictionary<string, object?>? given, string outcome, string language)
    {
        var errors = new Dictionary<string, string[]>();
        var values = new Dictionary<string, object?>();
        foreach (var name in given?.Keys ?? [])
            if (!form.Any(f => f.Field == name))
                errors[name] = [NoSuchField(form).In(language)];
        foreach (var field in form.Where(field => field.IsAskedBy(outcome)))
        {
            var value = Plain(given?.GetValueOrDefault(field.Field));
            if (value is null or "")
            {
                if (field.IsRequiredBy(outcome)) errors[field.Field] = [new Text($"'{field.Label.En}' is required.", $"Заполните поле «{field.Label.Ru}».").In(language)];
            }
            else if (Convert(field, value) is { } converted) values[field.Field] = converted;
            else errors[field.Field] = [new Text($"'{value}' is not {Expected(field).En}.", $"«{value}» — не {Expected(field).Ru}.").In(language)];
        }
        return errors.Count == 0 ? values : throw new ValidationException(errors);
    }

    private static object? Convert(FormField field, object value) => field.Type switch
    {
        FieldType.Text => value as string,
        FieldType.Number or FieldType.Money => Number(value),
        FieldType.Date => value is string text && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        FieldType.Bool => value is bool ? value : null,
        FieldType.Choice => value is string choice && field.Options.Contains(choice) ? choice : null,
        _ => null,
    };

    private static object? Number(object value) => value switch
    {
        decimal or int or long or double => System.Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static Text NoSuchField(IReadOnlyList<FormField> form) => form.Count == 0
        ? new("This task has no form.", "У этой задачи нет формы.")
        : new($"The form has no such field. It has: {string.Join(", ", form.Select(f => f.Field))}.", $"В форме нет такого поля. Есть: {string.Join(", ", form.Select(f => f.Field))}.");

    private static Text Expected(FormField field) => field.Type switch
    {
        FieldType.Number => new("a number", "число"),
        FieldType.Money => new("a sum of money such as 1500.00", "сумма, например 1500.00"),
        FieldType.Date => new("a date such as 2026-03-31", "дата, например 2026-03-31"),
        FieldType.Bool => new("true or false", "true или false"),
        FieldType.Choice => new($"one of: {string.Join(", ", field.Options)}", $"один из вариантов: {string.Join(", ", field.Options)}"),
        _ => new("a text", "текст"),
    };

    private static object? Plain(object? value) => value is not JsonElement json ? value : json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => json.GetRawText(),
    };
}
