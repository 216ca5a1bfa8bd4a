using CsCheck;
using SalesFlow.Engine.Expressions;
using Xunit;

namespace SalesFlow.Engine.Tests.Expressions;

public class PlainScriptTests
{
    private static readonly Gen<string> Leaf = Gen.OneOf(
        Any("getVariable('n')", "getVariable('s')", "getVariable('none')", "getN()", "getFlag()", "variables.d", "deal.amount", "deal.client.name", "getInput('city')",
            "true", "false", "null", "undefined", "''", "'10'", "' 7 '", "'0x1f'", "'abc'", "0", "-0", "1e21", "0.1", "getVariable('items')", "deal", "variables.items.length", "variables.s.length"),
        Gen.Int[-5, 5].Select(i => $"{i}"), Gen.Double[-1e9, 1e9].Select(d => d.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    private static readonly Gen<string> Script = Gen.Recursive<string>((depth, inner) => depth > 3 ? Leaf : Gen.Frequency(
        (2, Leaf),
        (5, Gen.Select(inner, Any("+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "===", "!==", "&&", "||"), inner, (a, op, b) => $"({a}) {op} ({b})")),
        (1, Gen.Select(Any("!", "-", "+"), inner, (op, a) => $"{op}({a})")),
        (1, Gen.Select(inner, inner, inner, (a, b, c) => $"({a}) ? ({b}) : ({c})")),
        (1, Gen.Select(inner, inner, (a, b) => $"({a}) ?? ({b})"))));

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static TestScope Scope() => new()
    {
        Variables = { ["n"] = 3, ["s"] = "12", ["flag"] = true, ["d"] = 2.5m, ["items"] = new List<object?> { 1L, "x" } },
        Inputs = { ["city"] = "Omsk" },
        World = { ["deal"] = new Dictionary<string, object?> { ["amount"] = 1000.25m, ["client"] = new Dictionary<string, object?> { ["name"] = "Ёлка" } } },
    };

    [Fact]
    public void A_plain_script_has_the_same_value_as_in_the_engine()
    {
        var limits = new EngineLimits { ExpressionTime = TimeSpan.FromSeconds(20) };
        var evaluator = new Evaluator(limits);
        Script.Sample(source =>
        {
            var plain = JavaScriptExpression.Compile(source, limits);
            var whole = JavaScriptExpression.Compile(source, limits, allowPlain: false);
            Assert.True(((JavaScriptExpression)plain).IsPlain);
            Assert.False(((JavaScriptExpression)whole).IsPlain);

            var expected = whole.Evaluate(Scope(), evaluator);

            Assert.Equal(Json.Text(Named(expected)), Json.Text(Named(plain.Evaluate(Scope(), evaluator))));
        }, iter: 3000, threads: 1);
    }

    [Theory]
    [InlineData("getVariable('k') % 2 === 1", true)]
    [InlineData("return ['p', getVariable('k')]", true)]
    [InlineData("k => k", false)]
    [InlineData("setVariable('k', 1)", false)]
    [InlineData("getCorrelationId()", false)]
    [InlineData("let a = 1; a", false)]
    [InlineData("variables.k = 2", false)]
    public void Only_reads_and_operators_are_plain(string source, bool isPlain) =>
        Assert.Equal(isPlain, ((JavaScriptExpression)JavaScriptExpression.Compile(source, new EngineLimits())).IsPlain);

    private static object? Named(object? value) => value is double number ? number.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : value;
}
