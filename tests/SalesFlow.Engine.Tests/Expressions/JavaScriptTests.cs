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

    [Theory]
    [InlineData("DateTime.UtcNow.AddDays(1.5).toISOString()", "2026-03-03T21:00:00.000Z")]
    [InlineData("new DateTime(2024, 2, 29).AddYears(1).ToString('yyyy-MM-dd')", "2025-02-28")]
    [InlineData("new DateTimeOffset(2026, 1, 31).AddMonths(1).ToString('dd.MM.yy HH:mm')", "28.02.26 00:00")]
    [InlineData("[DateTime.Now.Year, DateTime.Today.Hour, DateTime.Now.DayOfWeek, DateTime.Now.DayOfYear, DateTime.DaysInMonth(2024, 2)].join()", "2026,0,1,61,29")]
    [InlineData("DateTime.Parse('2026-03-04').Subtract(DateTime.UtcNow).TotalHours", 39.0)]
    [InlineData("DateTime.UtcNow.Add(TimeSpan.FromMinutes(90)).Subtract(TimeSpan.Parse('00:30:00')).toISOString()", "2026-03-02T10:00:00.000Z")]
    [InlineData("TimeSpan.FromHours(36)", "1.12:00:00")]
    [InlineData("new TimeSpan(1, 2, 3).Add(new TimeSpan(1, 0, 0, 0)).ToString()", "1.01:02:03")]
    [InlineData("TimeSpan.FromMilliseconds(-1500) + ''", "-00:00:01.5000000")]
    [InlineData("Guid.Parse('{5FA65CE2-5D82-4AB1-9A2E-3F2B5D2C6B11}')", "5fa65ce2-5d82-4ab1-9a2e-3f2b5d2c6b11")]
    [InlineData("Guid.NewGuid() !== Guid.NewGuid() && Guid.Empty.length === 36", true)]
    [InlineData("[new Random().Next(3, 4), new Random().Next(1), LogPersistenceMode.Exclude].join()", "3,0,Exclude")]
    public void The_types_that_Elsas_scripts_find_are_there(string source, object expected) => Assert.Equal(expected, _scope.JavaScript(source));

    [Fact]
    public void A_time_span_that_a_script_reads_has_its_parts()
    {
        _scope.Variables["wait"] = TimeSpan.FromMinutes(90);

        Assert.Equal("1.5 90 01:30:00", _scope.JavaScript("`${getWait().TotalHours} ${getVariable('wait').TotalMinutes} ${getWait()}`"));
        Assert.Equal("01:30:00", _scope.JavaScript("getWait()"));
    }

    [Fact]
    public void A_time_span_made_by_a_script_is_one_for_an_input()
    {
        Assert.Equal(TimeSpan.FromHours(36), _scope.JavaScript("TimeSpan.FromHours(36)", "TimeSpan"));
        Assert.Equal(TimeSpan.FromMilliseconds(-1500), _scope.JavaScript("TimeSpan.FromMilliseconds(-1500)", "TimeSpan"));
        Assert.Contains("'soon' is not a TimeSpan", Evaluating.Fault(() => _scope.JavaScript("TimeSpan.Parse('soon')")));
    }

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
