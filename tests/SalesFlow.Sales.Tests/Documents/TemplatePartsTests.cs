using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Tests.Documents;

/// <summary>Templates are put together of parts, and reach nothing that they are not given.</summary>
public sealed class TemplatePartsTests
{
    private static readonly Dictionary<string, object?> Values = new()
    {
        ["number"] = "1", ["deal"] = new Dictionary<string, object?> { ["title"] = "<b>Racks</b>", ["items"] = new List<object?> { "a", "b" } },
    };

    [Fact]
    public void A_part_is_put_where_it_is_included_with_what_it_is_handed_and_escaped_once()
    {
        var html = Render("<ul>{{ for item in deal.items }}{{ include '_row' item deal.title }}{{ end }}</ul>", ("_row", "<li>{{ $1 }} {{ $2 }}</li>"));

        Assert.Contains("<ul><li>a &lt;b&gt;Racks&lt;/b&gt;</li><li>b &lt;b&gt;Racks&lt;/b&gt;</li></ul>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_stands_around_the_template_and_another_one_around_it()
    {
        var html = Render("{{ layout '_letter' }}<p>{{ deal.title }}</p>", ("_letter", "{{ layout '_page' }}<main>{{ content }}</main>"), ("_page", "<body><h1>{{ number }}</h1>{{ content }}</body>"));

        Assert.Contains("<h1>1</h1><main><p>&lt;b&gt;Racks&lt;/b&gt;</p></main>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ include '_none' }}", "line 1, column 4: There is no part '_none'.")]
    [InlineData("<p>\n{{ include '_a' }}", "'_b', line 1, column 4: The part '_a' includes itself: _a → _b → _a.")]
    [InlineData("{{ layout '_self' }}", "'_self', line 1, column 4: The part '_self' includes itself: _self → _self.")]
    [InlineData("{{ include deal.title }}", "line 1, column 4: Write the name of the part after 'include' as text, as in include '_page'.")]
    [InlineData("{{ '_a' | include }}", "line 1, column 11: Write the name of the part after 'include' as text, as in include '_page'.")]
    [InlineData("{{ x = include }}", "line 1, column 8: Write the name of the part after 'include' as text, as in include '_page'.")]
    [InlineData("{{ include 'offer' }}", "line 1, column 12: 'offer' is no part: the keys of parts begin with '_'.")]
    [InlineData("{{ include '_broken' }}", "'_broken', line 2, column 7: ")]
    public void What_cannot_be_put_together_is_refused_before_anything_runs(string text, string problem)
    {
        var broken = Assert.Throws<TemplateException>(() => Parse(text, ("_a", "{{ include '_b' }}"), ("_b", "{{ include '_a' }}"), ("_self", "{{ layout '_self' }}"), ("_broken", "x\n{{ if }}")));

        Assert.StartsWith(problem, broken.Problems[0].In("en"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_comes_back_to_itself_through_what_it_newly_includes_is_refused()
    {
        var broken = Assert.Throws<TemplateException>(() => DocumentTemplate.Parse("{{ include '_b' }}", name => name == "_b" ? "{{ include '_a' }}" : "", "_a"));

        Assert.Contains("_a → _b → _a", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ for i in 1..100000 }}x{{ end }}")]
    [InlineData("{{ for a in 1..9999 }}{{ for b in 1..9999 }}{{ end }}{{ end }}")]
    [InlineData("{{ x = 'aaaaaaaaaaaaaaaa' }}{{ for i in 1..60 }}{{ x = x + x }}{{ end }}")]
    [InlineData("{{ func f }}{{ f }}{{ end }}{{ f }}")]
    [InlineData("{{ 'x' | string.pad_left 2000000000 }}")]
    [InlineData("{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex.match '^(a+)+$' }}")]
    [InlineData("{{ x = [] }}{{ x[2000000000] = 1 }}{{ x | array.size }}{{ x }}")]
    [InlineData("{{ 1 << 2000000000 }}{{ x = 2 }}{{ for i in 1..40 }}{{ x = x * x }}{{ end }}{{ x }}")]
    public void What_would_not_end_or_would_fill_the_memory_is_stopped(string text)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();

        try
        {
            Render(text);
        }
        catch (TemplateException)
        {
        }

        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_500_000_000);
    }

    [Fact]
    public void Depth_without_end_is_refused_and_the_process_lives()
    {
        Assert.Throws<TemplateException>(() => Render("{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}"));
        Assert.Throws<TemplateException>(() => Render("{{ " + new string('[', 100_000) + " }}"));
        Assert.Throws<TemplateException>(() => Render(string.Concat(Enumerable.Repeat("{{ if true }}", 50_000))));
        Assert.Throws<TemplateException>(() => Render("{{ " + new string('!', 100_000) + "1 }}"));
    }

    [Theory]
    [InlineData("{{ deal.title.get_type }}")]
    [InlineData("{{ number.length }}")]
    [InlineData("{{ math.uuid }}")]
    [InlineData("{{ deal.get_type }}{{ deal.GetType }}{{ deal.Count }}{{ deal.Keys }}")]
    public void Nothing_of_the_host_can_be_seen(string text) => Assert.Equal("<html><head></head><body></body></html>", Render(text));

    [Theory]
    [InlineData("{{ object.eval '1' }}")]
    [InlineData("{{ math.random 1 5 }}")]
    [InlineData("{{ date.now }}")]
    [InlineData("{{ include_join ['_a'] '' }}")]
    [InlineData("{{ number = '2' }}")]
    public void Chance_clock_evaluation_and_writing_over_what_is_given_are_not_to_be_had(string text) => Assert.Throws<TemplateException>(() => Render(text));

    [Fact]
    public void What_a_template_changes_it_changes_in_its_own_copy()
    {
        var values = new Dictionary<string, object?> { ["deal"] = new Dictionary<string, object?> { ["title"] = "Racks" } };

        var html = DocumentTemplate.Parse("{{ deal.title = 'Gone' }}{{ deal.title }}").Render(values, "en", TimeZoneInfo.Utc).Html;

        Assert.Contains("Gone", html, StringComparison.Ordinal);
        Assert.Equal("Racks", ((Dictionary<string, object?>)values["deal"]!)["title"]);
    }

    private static string Render(string text, params (string Name, string Text)[] parts) => Parse(text, parts).Render(Values, "en", TimeZoneInfo.Utc).Html;

    private static DocumentTemplate Parse(string text, params (string Name, string Text)[] parts) =>
        DocumentTemplate.Parse(text, name => parts.Where(part => part.Name == name).Select(part => part.Text).FirstOrDefault());
}
