using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Tests.Documents;

/// <summary>A name that nothing stands behind is found when a template is saved, not by a client.</summary>
public sealed class TemplateChecksTests
{
    [Theory]
    [InlineData("<p>\n  {{ dael.title }}", "line 2, column 6: There is no 'dael'; the nearest is 'deal'.")]
    [InlineData("{{ deal.amuont }}", "line 1, column 9: There is no 'deal.amuont'; the nearest is 'deal.amount'. 'deal' has: amount, channel,")]
    [InlineData("{{ amount }}", "line 1, column 4: There is no 'amount'; the nearest is 'deal.amount'.")]
    [InlineData("{{ money deal.amuont deal.currency }}", "line 1, column 15: There is no 'deal.amuont'")]
    [InlineData("{{ mony deal.amount }}", "line 1, column 4: There is no 'mony'; the nearest is 'money'.")]
    [InlineData("{{ deal.title | string.upcse }}", "line 1, column 24: There is no 'string.upcse'; the nearest is 'string.upcase'.")]
    [InlineData("{{ date.now }}", "line 1, column 9: There is no 'date.now'. 'date' has no members.")]
    [InlineData("{{ if xyzzy }}{{ end }}", "line 1, column 7: There is no 'xyzzy'.")]
    [InlineData("{{ client.name ?? client.nam }}", "line 1, column 26: There is no 'client.nam'; the nearest is 'client.name'.")]
    [InlineData("{{ with deal }}{{ amount }}{{ end }}", "line 1, column 4: 'with' hides where names come from; write them out, as in deal.title.")]
    [InlineData("{{ import deal }}", "line 1, column 4: 'import' hides where names come from")]
    [InlineData("{{ content }}", "line 1, column 4: There is no 'content'")]
    public void An_unknown_name_is_told_with_its_place_and_the_nearest_one(string text, string problem)
    {
        var errors = TemplateChecks.Find(DocumentTemplate.Parse(text), isPart: false, []).Errors;

        Assert.StartsWith(problem, Assert.Single(errors).In("en"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_problem_is_told_in_Russian_too() => Assert.Equal("строка 1, столбец 4: Нет «amount»; ближайшее — «deal.amount».",
        TemplateChecks.Find(DocumentTemplate.Parse("{{ amount }}"), isPart: false, []).Errors.Single().In("ru"));

    [Theory]
    [InlineData("{{ x = deal.amount * 2 }}{{ x }}")]
    [InlineData("{{ for d in documents }}{{ for.index }}{{ d.number }}{{ end }}")]
    [InlineData("{{ func double(n) }}{{ n * 2 }}{{ end }}{{ double 4 }}")]
    [InlineData("{{ capture block }}a{{ end }}{{ block }}")]
    [InlineData("{{ {a: 1, b: deal.title}.a }}{{ money deal.amount currency: 'RUB' }}")]
    [InlineData("{{ deal.fields.whatever.deeper }}{{ deal.fields[number] }}")]
    [InlineData("{{ documents | array.size }}{{ language }}{{ number | string.upcase }}")]
    [InlineData("{{ $ | array.size }}{{ $1 }}")]
    public void Names_that_a_template_makes_or_is_given_are_known(string text) => Assert.Empty(TemplateChecks.Find(DocumentTemplate.Parse(text), isPart: false, []).Errors);

    [Fact]
    public void A_part_may_name_what_it_is_put_around() => Assert.Empty(TemplateChecks.Find(DocumentTemplate.Parse("<main>{{ content }}</main>"), isPart: true, []).Errors);

    [Fact]
    public void A_field_that_no_form_asks_for_is_warned_of()
    {
        var found = TemplateChecks.Find(DocumentTemplate.Parse("{{ deal.fields.paymntTerms }}{{ deal.fields.paymentTerms }}"), isPart: false, ["paymentTerms", "budget"]);

        Assert.Empty(found.Errors);
        Assert.StartsWith("line 1, column 16: No form of a published process has the field 'paymntTerms'; the nearest is 'paymentTerms'.", Assert.Single(found.Warnings).In("en"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offer.ru")]
    [InlineData("offer.en")]
    [InlineData("contract.ru")]
    [InlineData("contract.en")]
    public void The_shipped_templates_name_only_what_there_is(string name) =>
        Assert.Empty(TemplateChecks.Find(DocumentTemplate.Parse(DocumentTemplateTests.Shipped(name), DocumentTemplateTests.Part(name)), isPart: false, []).Errors);
}
