using Xunit;

namespace SalesFlow.Engine.Tests.Expressions;

public class HostileScriptTests
{
    private readonly TestScope _scope = new();

    [Theory]
    [InlineData("while(true){}", "limit")]
    [InlineData("for(;;);", "limit")]
    [InlineData("let a = []; while(true) a.push(new Array(1000).fill('x'));", "limit")]
    [InlineData("let s = 'x'; while(true) s += s;", "limit")]
    [InlineData("'x'.repeat(1e9)", "limit of 1048576 characters")]
    [InlineData("'x'.padStart(5e8)", "limit of 1048576 characters")]
    [InlineData("new Array(2000).join('x'.repeat(1e6))", "limit of 1048576 characters")]
    [InlineData("'a'.repeat(1e5).replaceAll('a', 'b'.repeat(1e5))", "limit of 1048576 characters")]
    [InlineData("new Uint8Array(2e9).fill(1)", "limit")]
    [InlineData("Uint8Array.prototype.constructor.of(1).constructor.from({ length: 2e9 })", "limit")]
    [InlineData("new ArrayBuffer(8, { maxByteLength: 2e9 })", "limit")]
    [InlineData("'x'.repeat(1e6) + 'x'.repeat(1e6)", "limit")]
    [InlineData("function f() { return f() + 1; } f()", "limit of 200")]
    [InlineData("const o = { get x() { return this.x; } }; o.x", "failed")]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + '!')", "limit")]
    [InlineData("new RegExp('^(a|aa)+$').test('a'.repeat(60) + '!')", "limit")]
    [InlineData("[1, 2].sort(() => { for(;;); })", "limit")]
    [InlineData("new Promise(() => {})", "failed")]
    public void A_hostile_script_stops_with_the_limit_that_it_met(string source, string limit)
    {
        var fault = Evaluating.Fault(() => _scope.JavaScript(source));

        Assert.Contains("failed", fault);
        Assert.Contains(limit, fault);
        Assert.Equal(3.0, _scope.JavaScript("let x = 1; x + 2"));
    }

    [Fact]
    public void A_script_nested_too_deeply_is_refused()
    {
        var fault = Evaluating.Fault(() => _scope.JavaScript(new string('(', 100_000) + "1" + new string(')', 100_000)));

        Assert.Contains("failed", fault);
    }

    [Theory]
    [InlineData("Object.prototype.hacked = 1; Array.prototype.map = null; Math.max = null; 1")]
    [InlineData("globalThis.leak = 1; var leaked = 2; this.getVariable = null; 1")]
    [InlineData("let scoped = 1; function declared() {} JSON.parse = () => 'fake'; 1")]
    [InlineData("Object.setPrototypeOf(globalThis, { hacked: 1 }); 1")]
    [InlineData("(function*(){}).constructor.prototype.hacked = 1; [][Symbol.iterator]().__proto__.next = null; 1")]
    [InlineData("getVariable.hacked = 1; getVariable.__proto__.call = null; 1")]
    public void Nothing_passes_from_one_evaluation_to_the_next(string attack)
    {
        Evaluating.Fault(() => _scope.JavaScript(attack));

        var after = _scope.JavaScript("""
            [typeof leak, typeof leaked, typeof scoped, typeof declared, ({}).hacked, typeof hacked, (function*(){}).constructor.prototype.hacked, getVariable.hacked,
             [1].map(x => x + 1)[0], Math.max(1, 2), JSON.parse('3'), [...[4]][0], typeof getVariable, typeof getVariable.call].map(String).join()
            """);

        Assert.Equal("undefined,undefined,undefined,undefined,undefined,undefined,undefined,undefined,2,2,3,4,function,function", after);
    }
}
