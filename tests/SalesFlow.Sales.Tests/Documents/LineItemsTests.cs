using CsCheck;
using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Tests.Documents;

/// <summary>Lines with VAT, rounded line by line, so that what is printed adds up.</summary>
public sealed class LineItemsTests
{
    [Theory]
    [InlineData(3, 33.33, 20.0, true, 83.32, 16.67, 99.99)]
    [InlineData(3, 33.33, 20.0, false, 99.99, 20.00, 119.99)]
    [InlineData(1, 0.05, 10.0, false, 0.05, 0.01, 0.06)]
    [InlineData(1.5, 0.01, 20.0, true, 0.02, 0.00, 0.02)]
    [InlineData(2, 100, null, true, 200, 0, 200)]
    public void A_line_is_rounded_to_hundredths_halves_away_from_zero(double quantity, double price, double? rate, bool included, double net, double vat, double gross)
    {
        var line = LineItems.Of([new("Rack", (decimal)quantity, (decimal)price, (decimal?)rate)], included).Lines.Single();

        Assert.Equal(((decimal)net, (decimal)vat, (decimal)gross), (line.Net, line.Vat, line.Gross));
    }

    [Fact]
    public void Everything_adds_up_whatever_is_sold() => Gen.Select(Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 10_000_000], Gen.OneOf(Gen.Int[0, 20].Select(rate => (decimal?)rate), Gen.Const((decimal?)null))).Array[0, 20], Gen.Bool).Sample((lines, included) =>
    {
        var priced = LineItems.Of(lines.Select(line => new LineItem("x", line.Item1 / 1000m, line.Item2 / 100m, line.Item3)), included);

        return priced.Net + priced.Vat == priced.Gross && priced.ByRate.Sum(rate => rate.Gross) == priced.Gross && priced.ByRate.Sum(rate => rate.Vat) == priced.Vat
            && priced.Lines.All(line => line.Net + line.Vat == line.Gross && decimal.Round(line.Vat, 2) == line.Vat && line.Vat >= 0
                && Math.Abs((included ? line.Gross * (line.Item.VatRate ?? 0) / (100 + (line.Item.VatRate ?? 0)) : line.Net * (line.Item.VatRate ?? 0) / 100) - line.Vat) <= 0.005m);
    });

    [Fact]
    public void Lines_can_be_written_as_text()
    {
        var lines = LineItems.Read("Стеллаж; 2; 1 500,50; 20 %\nМонтаж;1;300\n", 10);

        Assert.Equal([new("Стеллаж", 2, 1500.50m, 20), new("Монтаж", 1, 300, 10)], lines);
        Assert.Contains("Line 1 'Rack; two; 3'", Assert.Throws<ArgumentException>(() => LineItems.Read("Rack; two; 3", null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_prints_lines_taxes_and_totals()
    {
        var values = new Dictionary<string, object?>
        {
            ["deal"] = new Dictionary<string, object?> { ["lines"] = new List<object?> { new Dictionary<string, object?> { ["name"] = "Rack", ["quantity"] = 3, ["price"] = 33.33m, ["vat"] = 20 }, new Dictionary<string, object?> { ["name"] = "Work", ["quantity"] = 1, ["price"] = 10m } } },
        };

        var html = DocumentTemplate.Parse("{{ bill = line_items deal.lines 'included' }}{{ for line in bill.lines }}[{{ line.number }} {{ line.name }} {{ line.vat }} {{ line.gross }}]{{ end }} {{ bill.vat }} of {{ bill.gross }}; {{ for rate in bill.by_rate }}{{ rate.rate ?? 'none' }}: {{ rate.vat }}, {{ end }}")
            .Render(values, "en", TimeZoneInfo.Utc).Html;

        Assert.Contains("[1 Rack 16.67 99.99][2 Work 0 10] 16.67 of 109.99; 20: 16.67, none: 0,", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_checks_requisites_and_writes_days_short()
    {
        var html = DocumentTemplate.Parse("{{ is_inn '7707083893' }} {{ is_inn '1' }} {{ is_account '30101810400000000225' '044525225' }} {{ date_short '2026-03-05' }}").Render(new Dictionary<string, object?>(), "ru", TimeZoneInfo.Utc).Html;

        Assert.Contains("true false true 05.03.2026", html, StringComparison.Ordinal);
    }
}
