using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Tests.Documents;

public sealed class DocumentTemplateTests
{
    private static readonly TimeZoneInfo Moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");
    private static readonly DateTimeOffset Evening = new(2026, 3, 4, 22, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("offer.ru", "ru", "5\u00A0марта 2026\u00A0г.", "1\u00A0250\u00A0000,50\u00A0₽", "Один миллион двести пятьдесят тысяч рублей 50 копеек")]
    [InlineData("offer.en", "en", "5 March 2026", "1,250,000.50\u00A0RUB", "One million two hundred and fifty thousand roubles 50 kopecks")]
    [InlineData("contract.ru", "ru", "5\u00A0марта 2026\u00A0г.", "1\u00A0250\u00A0000,50\u00A0₽", "Иванова И. И.")]
    [InlineData("contract.en", "en", "5 March 2026", "1,250,000.50\u00A0RUB", "Иванова И. И.")]
    public void Shipped_templates_render_the_day_the_sum_and_the_particulars(string name, string language, string day, string sum, string particular)
    {
        var html = DocumentTemplate.Parse(Shipped(name)).Render(Values("ООО «Вектор»"), language, Moscow).Html.Replace("&nbsp;", "\u00A0", StringComparison.Ordinal);

        Assert.All(["КП-2026-000001", "ООО «Вектор»", day, sum, particular, "@page", "@media print"], expected => Assert.Contains(expected, html, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("offer.ru")]
    [InlineData("contract.en")]
    public void Shipped_templates_do_without_the_fields_that_nobody_filled_in(string name) =>
        Assert.Contains("Вектор", DocumentTemplate.Parse(Shipped(name)).Render(Values("Вектор", filled: false), "ru", Moscow).Html, StringComparison.Ordinal);

    [Theory]
    [InlineData("offer.ru", "ru", "скидки 5 %", "Стеллаж")]
    [InlineData("offer.en", "en", "discount of 5%", "Стеллаж")]
    [InlineData("contract.ru", "ru", "ИНН 7711111111", "Стеллаж")]
    [InlineData("contract.en", "en", "tax number 7711111111", "Стеллаж")]
    public void What_is_included_is_a_list_and_the_particulars_of_the_deal_go_before_those_of_the_client(string name, string language, string detail, string item)
    {
        var values = Values("ООО «Вектор»");
        var fields = (Dictionary<string, object?>)((Dictionary<string, object?>)values["deal"]!)["fields"]!;
        (fields["items"], fields["discount"], fields["inn"]) = ("Стеллаж; Доставка ;Монтаж", 5m, "7711111111");

        var html = DocumentTemplate.Parse(Shipped(name)).Render(values, language, Moscow).Html;

        Assert.Contains(detail, html, StringComparison.Ordinal);
        Assert.All([item, "Доставка", "Монтаж"], one => Assert.Contains($"<li>{one}</li>", html, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("offer.ru", "ru")]
    [InlineData("offer.en", "en")]
    [InlineData("contract.ru", "ru")]
    [InlineData("contract.en", "en")]
    public void A_sentence_that_ends_with_a_day_ends_with_one_full_stop(string name, string language)
    {
        var values = Values("ООО «Вектор»");
        var fields = (Dictionary<string, object?>)((Dictionary<string, object?>)values["deal"]!)["fields"]!;
        (fields["deadline"], fields["validUntil"]) = ("2026-12-30", "2026-12-15");

        var html = DocumentTemplate.Parse(Shipped(name)).Render(values, language, Moscow).Html;

        Assert.Matches("30(&nbsp;|\u00A0| )(декабря|December)(&nbsp;|\u00A0| )2026[^<]*\\.</p>", html);
        Assert.DoesNotContain("..", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offer.ru", "ru", "<h2>Условия</h2>")]
    [InlineData("offer.en", "en", "<h2>Terms</h2>")]
    public void An_offer_without_terms_has_no_heading_for_them(string name, string language, string heading)
    {
        Assert.Contains(heading, DocumentTemplate.Parse(Shipped(name)).Render(Values("Вектор"), language, Moscow).Html, StringComparison.Ordinal);
        Assert.DoesNotContain(heading, DocumentTemplate.Parse(Shipped(name)).Render(Values("Вектор", filled: false), language, Moscow).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_discount_of_nothing_is_not_mentioned()
    {
        var values = Values("ООО «Вектор»");
        ((Dictionary<string, object?>)((Dictionary<string, object?>)values["deal"]!)["fields"]!)["discount"] = 0m;

        Assert.DoesNotContain("скидк", DocumentTemplate.Parse(Shipped("offer.ru")).Render(values, "ru", Moscow).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clients_name_cannot_become_markup()
    {
        var html = DocumentTemplate.Parse("<p>{{ client.name }}</p>").Render(Values("<img src=x onerror=alert(1)>"), "ru", Moscow).Html;

        Assert.Contains("<p>&lt;img src=x onerror=alert(1)&gt;</p>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_cannot_bring_a_script()
    {
        var html = DocumentTemplate.Parse("<p onclick='a()'>ok</p><script>a()</script><a href='javascript:a()'>b</a>").Render(Values("x"), "ru", Moscow).Html;

        Assert.Contains("<p>ok</p>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("a()", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_is_told_with_its_line_and_column()
    {
        var broken = Assert.Throws<TemplateException>(() => DocumentTemplate.Parse("<p>\n{{ if deal.amount }}"));
        var unknown = Assert.Throws<TemplateException>(() => DocumentTemplate.Parse("<p>\n  {{ dael.amount }}").Render(Values("x"), "ru", Moscow));

        Assert.Equal(2, broken.Problems[0].Line);
        Assert.Equal((2, 6), (unknown.Problems[0].Line, unknown.Problems[0].Column));
        Assert.Contains("dael", unknown.Problems[0].Message.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_never_ends_is_stopped() =>
        Assert.Throws<TemplateException>(() => DocumentTemplate.Parse("{{ while true }}x{{ end }}").Render(Values("x"), "ru", Moscow));

    [Fact]
    public void Equal_values_give_an_equal_hash_and_other_values_another()
    {
        var template = DocumentTemplate.Parse(Shipped("offer.ru"));

        Assert.Equal(template.Render(Values("A"), "ru", Moscow).Hash, template.Render(Values("A"), "ru", Moscow).Hash);
        Assert.NotEqual(template.Render(Values("A"), "ru", Moscow).Hash, template.Render(Values("B"), "ru", Moscow).Hash);
    }

    private static Dictionary<string, object?> Values(string client, bool filled = true) => new()
    {
        ["number"] = "КП-2026-000001", ["issued_at"] = Evening,
        ["client"] = new Dictionary<string, object?> { ["name"] = client, ["inn"] = "7700000000", ["contact"] = null },
        ["deal"] = new Dictionary<string, object?>
        {
            ["title"] = "Поставка стеллажей", ["amount"] = 1250000.50m, ["currency"] = "RUB",
            ["fields"] = filled ? new Dictionary<string, object?> { ["deadline"] = "2026-06-01", ["signatory"] = "Иванова И. И.", ["signatoryBasis"] = "Устава" } : [],
        },
    };

    /// <summary>The parts of the shipped templates in the language of one of them.</summary>
    internal static Func<string, string?> Part(string name) => part => Shipped($"{part}.{name.Split('.')[1]}");

    internal static string Shipped(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SalesFlow.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        return File.ReadAllText(Path.Combine(folder.FullName, "workflows", "templates", name + ".scriban"));
    }
}
