using SalesFlow.Sales;

namespace SalesFlow.Server.Http;

/// <summary>Checks the query parameters that all lists share.</summary>
internal static class Lists
{
    public static int Limit(int? asked) => asked switch
    {
        null => 50,
        < 1 or > 500 => throw new ValidationException("limit", $"'{asked}' does not fit; a number from 1 to 500 was expected."),
        _ => asked.Value,
    };

    public static string? OneOf(string name, string? value, params string[] allowed) => value is null || allowed.Contains(value)
        ? value : throw new ValidationException(name, $"'{value}' is unknown; expected {string.Join(", ", allowed)}.");
}
