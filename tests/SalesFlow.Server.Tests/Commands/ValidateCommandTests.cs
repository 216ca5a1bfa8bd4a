using static SalesFlow.Server.Tests.Commands.Program;

namespace SalesFlow.Server.Tests.Commands;

public sealed class ValidateCommandTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "workflows");
    private readonly Program _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Every_shipped_definition_is_fine()
    {
        var answer = await _program.RunAsync(["validate", .. Directory.GetFiles(Shipped, "*.json")]);

        Assert.Equal("", answer.Errors);
        Assert.Equal(0, answer.ExitCode);
    }

    [Fact]
    public async Task Each_problem_of_each_file_is_told_and_one_broken_file_breaks_the_whole()
    {
        var (fine, broken) = (_program.Flow(WriteLine("a", "1")), _program.File("broken.json", """{"root": {"id": "a"}, "inputs": [{"type": "String"}]}"""));

        var answer = await _program.RunAsync("validate", fine, broken);

        Assert.Equal(65, answer.ExitCode);
        Assert.Equal([$"{fine}: fine", $"{broken}: broken"], answer.Out);
        Assert.Contains($"{broken}: error: root.type: is missing", answer.Errors, StringComparison.Ordinal);
        Assert.Contains($"{broken}: error: inputs[0].name: is missing", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_compiles_and_would_not_work_is_told_too_and_only_errors_break_a_file()
    {
        var warned = _program.Flow("warned.json", WriteLine("a", "1") + "," + WriteLine("lost", "2"), ["a:Done->a"]);
        var broken = _program.Flow("loops.json", """{ "id": "s", "type": "Elsa.Start" }""" + "," + WriteLine("a", "1"), ["s:Done->a", "a:Done->a"]);

        var (first, second) = (await _program.RunAsync("validate", warned), await _program.RunAsync("validate", broken));

        Assert.Equal((0, $"{warned}: fine"), (first.ExitCode, first.Out[0]));
        Assert.Contains($"{warned}: warning: root.activities[0]: a: Nothing leads here", first.Errors, StringComparison.Ordinal);
        Assert.Equal((65, $"{broken}: broken"), (second.ExitCode, second.Out[0]));
        Assert.Contains($"{broken}: error: root.activities[1]: a: From 'a' on, the flow goes round", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_beside_a_file_are_known()
    {
        const string document = """{ "id": "d", "type": "SalesFlow.Document", "kind": { "typeName": "String", "expression": { "type": "Literal", "value": "bill" } } }""";
        var file = _program.Flow(document);
        var unknowing = await _program.RunAsync("validate", file);
        _program.File("templates/offer.ru.scriban", "");

        var knowing = await _program.RunAsync("validate", file);

        Assert.Equal((0, 65), (unknowing.ExitCode, knowing.ExitCode));
        Assert.Contains("There is no template 'bill' in 'ru'. There are: offer.ru.", knowing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_none_at_all_is_a_bad_argument()
    {
        Assert.Equal(64, (await _program.RunAsync("validate")).ExitCode);
        Assert.Equal(64, (await _program.RunAsync("validate", "nowhere.json")).ExitCode);
    }
}
