using Scriban.Runtime;

namespace SalesFlow.Sales.Documents;

/// <summary>Lines of an invoice as templates write and read them.</summary>
internal static class LineItemValues
{
    /// <summary>
    /// <c>line_items deal.fields.lines 'included' 20</c>: a list of {name, quantity, price, unit, vat}, or text with a line for each; 'included' or 'added' says how prices stand to the tax; the
    /// rate is for lines without their own.
    /// </summary>
    public static ScriptObject Of(object? lines, string mode, decimal? rate, Func<object?, decimal?> number)
    {
        if (mode is not ("included" or "added"))
            throw new ArgumentException($"'{mode}' does not say how prices stand to the tax; expected 'included' or 'added'.");
        var items = lines switch
        {
            null => [],
            string text => LineItems.Read(text, rate),
            System.Collections.IEnumerable list => list.Cast<object?>().Select((line, i) => Read(line, i + 1, rate, number)),
            _ => throw new ArgumentException("Lines are a list of {name, quantity, price}, or text."),
        };
        return Script(LineItems.Of(items, mode == "included"));
    }

    private static LineItem Read(object? line, int at, decimal? rate, Func<object?, decimal?> number) =>
        line is IDictionary<string, object?> members && Of(members, "name") is string name && number(Of(members, "price")) is { } price
            ? new(name, number(Of(members, "quantity")) ?? 1, price, number(Of(members, "vat")) ?? rate, Of(members, "unit") as string)
            : throw new ArgumentException($"Line {at} has no name or no price; expected {{name: 'Rack', quantity: 2, price: 1500.50}}.");

    private static object? Of(IDictionary<string, object?> members, string name) => members.TryGetValue(name, out var value) ? value : null;

    private static ScriptObject Script(LineItems items) => new()
    {
        ["lines"] = new ScriptArray(items.Lines.Select(line => new ScriptObject
        {
            ["number"] = line.Number, ["name"] = line.Item.Name, ["quantity"] = line.Item.Quantity, ["unit"] = line.Item.Unit, ["price"] = line.Item.Price, ["rate"] = line.Item.VatRate,
            ["net"] = line.Net, ["vat"] = line.Vat, ["gross"] = line.Gross,
        })),
        ["net"] = items.Net, ["vat"] = items.Vat, ["gross"] = items.Gross,
        ["by_rate"] = new ScriptArray(items.ByRate.Select(rate => new ScriptObject { ["rate"] = rate.Rate, ["net"] = rate.Net, ["vat"] = rate.Vat, ["gross"] = rate.Gross })),
    };
}
