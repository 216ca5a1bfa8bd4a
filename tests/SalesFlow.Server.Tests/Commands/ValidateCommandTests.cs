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
    public async Task A_file_that_is_not_there_or_none_at_all_is_a_bad_argument()
    {
        Assert.Equal(64, (await _program.RunAsync("validate")).ExitCode);
        Assert.Equal(64, (await _program.RunAsync("validate", "nowhere.json")).ExitCode);
    }
}
