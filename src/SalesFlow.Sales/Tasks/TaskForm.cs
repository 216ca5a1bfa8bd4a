using System.Globalization;
using System.Text.Json;

namespace SalesFlow.Sales.Tasks;

/// <summary>Checks what a person filled in against a task's form, and brings every value to the type the form says.</summary>
internal static class TaskForm
{
    /// <summary>The values by field, converted; throws with a message for each wrong, missing or unknown field.</summary>
    public static Dictionary<string, object?> Read(IReadOnlyList<FormField> form, IReadOnlyDictionary<string, object?>? given)
    {
        var errors = new Dictionary<string, string[]>();
        var values = new Dictionary<string, object?>();
        foreach (var name in given?.Keys ?? [])
            if (!form.Any(f => f.Field == name))
                errors[name] = [form.Count == 0 ? "This task has no form." : $"The form has no such field. It has: {string.Join(", ", form.Select(f => f.Field))}."];
        foreach (var field in form)
        {
            var value = Plain(given?.GetValueOrDefault(field.Field));
            if (value is null or "")
            {
                if (field.Required) errors[field.Field] = [$"'{field.Label.En}' is required."];
            }
            else if (Convert(field, value) is { } converted) values[field.Field] = converted;
            else errors[field.Field] = [$"'{value}' is not {Expected(field)}."];
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

    private static string Expected(FormField field) => field.Type switch
    {
        FieldType.Number => "a number",
        FieldType.Money => "a sum of money such as 1500.00",
        FieldType.Date => "a date such as 2026-03-31",
        FieldType.Bool => "true or false",
        FieldType.Choice => $"one of: {string.Join(", ", field.Options)}",
        _ => "a text",
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
