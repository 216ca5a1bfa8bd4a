using SalesFlow.Engine.Expressions;
using Xunit;

namespace SalesFlow.Engine.Tests.Expressions;

public class JavaScriptTests
{
    private readonly TestScope _scope = new() { Variables = { ["k"] = 3, ["order_total"] = 12.5m, ["items"] = new List<object?> { "a", 2L } }, Inputs = { ["city"] = "Omsk" } };

    [Theory]
    [InlineData("getVariable('k') + 1", 4.0)]
    [InlineData("getVariable('k') % 2 === 1", true)]
    [InlineData("'a-' + getVariable('k')", "a-3")]
    [InlineData("return getK() * 2", 6.0)]
    [InlineData("const x = getOrderTotal(); return x > 12", true)]
    [InlineData("getCity()", "Omsk")]
    [InlineData("getInput('city') + getInput('none')", "Omsknull")]
    [InlineData("variables.k + 1", 4.0)]
    [InlineData("typeof variables.unknown", "undefined")]
    [InlineData("variables.items.length", 2.0)]
    [InlineData("variables.items.map(i => i + '!').join()", "a!,2!")]
    [InlineData("getVariable('none')", null)]
    [InlineData("getCorrelationId()", "order-1")]
    [InlineData("getWorkflowDefinitionVersion()", 3.0)]
    [InlineData("getOutputFrom('A', 'B') + getLastResult()", "A.Blast")]
    [InlineData("getResultFromAsk()", "Ask.Result")]
    [InlineData("isNullOrWhiteSpace(' ') && isNullOrEmpty(null)", true)]
    [InlineData("toJson({a: [1, 'x']})", "{\"a\":[1,\"x\"]}")]
    [InlineData("stringFromBase64(stringToBase64('привет'))", "привет")]
    [InlineData("bytesToString(bytesFromBase64('QUI='))", "AB")]
    [InlineData("streamToBase64(streamToBytes(bytesFromBase64('QUI=')))", "QUI=")]
    [InlineData("getGuid().length", 36.0)]
    [InlineData("new Date().toISOString()", "2026-03-02T09:00:00.000Z")]
    [InlineData("new Date(2026, 0, 1).getTimezoneOffset()", 0.0)]
    [InlineData("(async () => 7)()", 7.0)]
    [InlineData("  ", null)]
    [InlineData("var o = {}; o.toJSON = 1; o.toJSON", 1.0)]
    [InlineData("class A { toString() { return 'mine'; } } `${new A()}`", "mine")]
    public void A_script_has_the_value_that_it_has_in_Elsa(string source, object? expected) => Assert.Equal(expected, _scope.JavaScript(source));

    [Fact]
    public void Lists_and_objects_come_back_as_plain_values()
    {
        var list = Assert.IsType<object?[]>(_scope.JavaScript("['p', 1, null]"));
        var members = Assert.IsType<Dictionary<string, object?>>(_scope.JavaScript("({ a: { b: true }, f: () => 1 })"));

        Assert.Equal(["p", 1.0, null], list);
        Assert.Equal(true, Assert.IsType<Dictionary<string, object?>>(members["a"])["b"]);
        Assert.False(members.ContainsKey("f"));
    }

    [Fact]
    public void What_a_script_sets_is_set()
    {
        _scope.JavaScript("setVariable('k', 8); setOrder_total(9); setCorrelationId('c2'); setWorkflowInstanceName('n'); setOutcomes(['Yes', 'No'])");

        Assert.Equal((8.0, "c2", "n"), (_scope.Variables["k"], _scope.CorrelationId, _scope.InstanceName));
        Assert.Equal(["Yes", "No"], _scope.Chosen);
    }

    [Fact]
    public void Changed_properties_of_variables_are_written_back_and_null_is_ignored()
    {
        _scope.Variables["note"] = "kept";

        _scope.JavaScript("variables.k = 10; variables.note = null; variables.items.push('z'); variables.fresh = 'f';");

        Assert.Equal((10.0, "kept", "f"), (_scope.Variables["k"], _scope.Variables["note"], _scope.Variables["fresh"]));
        Assert.Equal(3, Assert.IsType<object?[]>(_scope.Variables["items"]).Length);
    }

    [Fact]
    public void Reading_variables_writes_nothing()
    {
        var before = _scope.Variables["items"];

        _scope.JavaScript("let n = 0; for (const i of variables.items) n++; n + variables.k");

        Assert.Same(before, _scope.Variables["items"]);
        Assert.IsType<int>(_scope.Variables["k"]);
    }

    [Fact]
    public void Facts_are_globals()
    {
        _scope.World["deal"] = new Dictionary<string, object?> { ["amount"] = 100m, ["client"] = new Dictionary<string, object?> { ["name"] = "Ёлка" } };

        Assert.Equal(true, _scope.JavaScript("deal.amount > 99 && deal.client.name === 'Ёлка'"));
        Assert.Equal("undefined", _scope.JavaScript("typeof deal.missing"));
        Assert.Equal(true, _scope.JavaScript("deal.missing === undefined"));
    }

    [Fact]
    public void Chance_and_new_ids_are_the_same_in_a_replay_and_differ_within_it()
    {
        const string source = "[Math.random(), Math.random(), newGuid(), newGuid(), newShortGuid()].join()";

        var first = (string)new TestScope().JavaScript(source)!;
        var second = new TestScope().JavaScript(source);

        Assert.Equal(first, second);
        Assert.Equal(5, first.Split(',').Distinct().Count());
        Assert.InRange((double)_scope.JavaScript("Math.random()")!, 0, 1);
    }

    [Theory]
    [InlineData("getNothing()", "getNothing is not defined")]
    [InlineData("null.x", "JavaScript expression `null.x` failed")]
    [InlineData("throw new Error('no stock')", "no stock (line 1, column")]
    [InlineData("parseGuid('x')", "'x' is not a GUID")]
    [InlineData("Promise.reject(new Error('late'))", "late")]
    [InlineData("eval('1')", "failed")]
    [InlineData("System.IO.File", "System is not defined")]
    [InlineData("let a = {}; a.a = a; a", "holds itself")]
    public void A_failing_script_faults_with_its_text_and_the_reason(string source, string reason) =>
        Assert.Contains(reason, Evaluating.Fault(() => _scope.JavaScript(source)));

    [Fact]
    public void A_syntax_error_is_reported_with_its_place_before_the_script_ever_runs()
    {
        var problem = Assert.Single(Evaluating.Evaluator.Check(Evaluating.Expression("JavaScript", "let a = 1;\nlet b = ;"), "root.text"));

        Assert.Equal("root.text", problem.Path);
        Assert.Contains("line 2, column 9", problem.Message);
        Assert.Empty(Evaluating.Evaluator.Check(Evaluating.Expression("JavaScript", "return 1"), "x"));
        Assert.Single(Evaluating.Evaluator.Check(Evaluating.Expression("CSharp", "1"), "x"));
    }
}
