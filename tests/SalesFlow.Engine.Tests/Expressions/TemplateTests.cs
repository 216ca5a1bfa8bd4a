using System.Globalization;
using SalesFlow.Engine.Expressions;
using Xunit;

namespace SalesFlow.Engine.Tests.Expressions;

public class TemplateTests
{
    private readonly TestScope _scope = new()
    {
        Variables = { ["k"] = 3.0, ["items"] = new List<object?> { "a", "b" } },
        Inputs = { ["city"] = "Омск" },
        World = { ["deal"] = new Dictionary<string, object?> { ["amount"] = 1500m, ["lines"] = new List<object?> { new Dictionary<string, object?> { ["name"] = "Ёлка" } } } },
    };

    [Theory]
    [InlineData("Liquid", "{{ Variables.k | plus: 1 }}", "4")]
    [InlineData("Liquid", "{{ Input.city }} {{ CorrelationId }} {{ WorkflowDefinitionVersion }}", "Омск order-1 3")]
    [InlineData("Liquid", "{% for l in deal.lines %}{{ l.name }}{% endfor %} {{ deal.amount }}", "Ёлка 1500")]
    [InlineData("Liquid", "{{ 'AB' | base64 }} {{ deal | keys | join: ',' }}", "QUI= amount,lines")]
    [InlineData("Liquid", "{{ 'now' | date: '%Y-%m-%d' }} {{ Variables.items | join: '+' }}", "2026-03-02 a+b")]
    [InlineData("Liquid", "<b>{{ '<i>' }}</b>", "<b><i></b>")]
    [InlineData("Scriban", "{{ Variables.k + 1 }} {{ Input.city }} {{ deal.amount }}", "4 Омск 1500")]
    [InlineData("Scriban", "{{ for l in deal.lines }}{{ l.name | string.upcase }}{{ end }}", "ЁЛКА")]
    [InlineData("Scriban", "{{ date.now | date.to_string '%F' }}", "2026-03-02")]
    [InlineData("Scriban", "{{ Variables.items | array.join '+' }}", "a+b")]
    public void A_template_is_text_of_variables_inputs_and_facts(string language, string template, string expected) =>
        Assert.Equal(expected, _scope.Text(language, template));

    [Fact]
    public void The_text_of_a_template_is_converted_to_the_type_of_the_input()
    {
        Assert.Equal(4, _scope.Text("Liquid", "{{ Variables.k | plus: 1 }}", "Int32"));
        Assert.Equal(true, _scope.Text("Scriban", "{{ Variables.k > 2 }}", "Boolean"));
    }

    [Theory]
    [InlineData("Liquid", "{% for i in (1..100000000) %}{% for j in (1..100000000) %}{% endfor %}{% endfor %}")]
    [InlineData("Liquid", "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}")]
    [InlineData("Liquid", "{% for i in (1..60000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}")]
    [InlineData("Liquid", "{{ (1..2000000000) | join: ',' }}")]
    [InlineData("Liquid", "{{ (1..2000000000) | reverse | size }}")]
    [InlineData("Scriban", "{{ while true }}{{ end }}")]
    [InlineData("Scriban", "{{ for i in 1..100000000 }}{{ for j in 1..100000000 }}{{ end }}{{ end }}")]
    [InlineData("Scriban", "{{ for i in 1..60000 }}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{ end }}")]
    [InlineData("Scriban", "{{ func f(x); ret f(x) + 1; end; f 1 }}")]
    [InlineData("Scriban", "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex.match '^(a+)+$' }}")]
    [InlineData("Scriban", "{{ s = 'xxxxxxxxxxxxxxxx'; for i in 1..60; s = s + s; end }}")]
    [InlineData("Scriban", "{{ s = 'x' * 2000000000 }}")]
    [InlineData("Scriban", "{{ 'x' | string.pad_left 2000000000 }}")]
    public void An_endless_template_stops_and_the_next_one_works(string language, string template)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        var fault = Evaluating.Fault(() => _scope.Text(language, template));

        Assert.StartsWith(language, fault);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
        Assert.Matches("(?i)limit|recursi|exceed|time", fault);
        Assert.Equal("3", _scope.Text(language, "{{ Variables.k }}"));
    }

    [Theory]
    [InlineData("{{ include 'secret' }}")]
    [InlineData("{{ math.uuid }}{{ math.random 1 2 }}")]
    [InlineData("{{ Variables.k.GetType().Assembly }}")]
    public void A_Scriban_template_reaches_nothing_outside(string template) =>
        Assert.Contains("failed", Evaluating.Fault(() => _scope.Text("Scriban", template)));

    [Fact]
    public void A_misspelled_template_is_reported_before_it_runs()
    {
        Assert.Contains("1:", Assert.Single(Evaluating.Evaluator.Check(Evaluating.Expression("Liquid", "{% if %}"), "p")).Message);
        Assert.Contains("line 2, column", Assert.Single(Evaluating.Evaluator.Check(Evaluating.Expression("Scriban", "a\n{{ for }}"), "p")).Message);
        Assert.Contains("at (1:", (string)_scope.Text("Liquid", "{% if %}")!);
        Assert.Contains("line 2, column", Evaluating.Fault(() => _scope.Text("Scriban", "a\n{{ for }}")));
    }

    [Fact]
    public void The_renderer_formats_by_culture_and_calls_the_functions_it_was_given()
    {
        var renderer = new TemplateRenderer(new EngineLimits(), new Dictionary<string, Delegate> { ["money"] = (decimal sum) => sum.ToString("N2", CultureInfo.GetCultureInfo("ru")) + " ₽" });
        var model = new Dictionary<string, object?> { ["deal"] = new Dictionary<string, object?> { ["amount"] = 1234.5m, ["at"] = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.FromHours(3)) } };

        var text = renderer.Render("{{ money deal.amount }} {{ deal.amount }} {{ deal.at | date.to_string '%d.%m.%Y %H:%M' }}", model, "ru");

        Assert.Equal("1 234,50 ₽ 1234,5 02.03.2026 09:00", text.Replace('\u00a0', ' ').Replace('\u202f', ' '));
        Assert.Contains("line 2, column", Assert.Throws<FaultException>(() => renderer.Render("ok\n{{ 1 + }}", model, "ru")).Message);
        Assert.Contains("line 2, column", Assert.Throws<FaultException>(() => renderer.Render("ok\n{{ nothing.at.all 3 }}", model, "ru")).Message);
    }
}
