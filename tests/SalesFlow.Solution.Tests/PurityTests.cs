using System.Text.RegularExpressions;

namespace SalesFlow.Solution.Tests;

/// <summary>The model of sales decides; only the shell around it reads, writes and waits.</summary>
public sealed partial class PurityTests
{
    [Fact]
    public void Only_the_shell_of_sales_waits_or_knows_the_database()
    {
        var offences = Repository.Files("src/SalesFlow.Sales", ".cs").Where(file => !IsShell(file, Repository.Text(file)))
            .SelectMany(file => Waiting().Matches(Repository.Code(Repository.Text(file))).Select(found => $"{file}: {found.Value}"));

        Assert.Empty(offences);
    }

    [Theory]
    [InlineData("using Microsoft.EntityFrameworkCore;")]
    [InlineData("public async Task MoveAsync() => await db.SaveAsync();")]
    [InlineData("internal Task<int> Count();")]
    [InlineData("internal ValueTask<int> Count() { return store.CountAsync(); }")]
    [InlineData("internal ValueTask<int> Count() => store.CountAsync();")]
    public void The_check_sees_a_model_that_waits(string source) => Assert.NotEmpty(Waiting().Matches(Repository.Code(source)));

    [Theory]
    [InlineData("/// <summary>Task and await in a comment.</summary>")]
    [InlineData("public const string Type = \"SalesFlow.Task\";")]
    [InlineData("using SalesFlow.Sales.Tasks;")]
    [InlineData("public ValueTask<string?> LoadAsync(string name) => new(Load(name));")]
    public void The_check_does_not_mind_words(string source) => Assert.Empty(Waiting().Matches(Repository.Code(source)));

    // Maps ids to columns for every table, so it belongs to the shell although it is named after neither.
    private static readonly string[] Mapping = ["src/SalesFlow.Sales/IdConverters.cs"];

    private static bool IsShell(string file, string source) =>
        ShellName().IsMatch(file) || Mapping.Contains(file) || (file.EndsWith("Handler.cs", StringComparison.Ordinal) && source.Contains(": EffectHandler", StringComparison.Ordinal));

    [GeneratedRegex(@"(?:Commands|Queries|Effects|Table|Db|Registration)\.cs$")]
    private static partial Regex ShellName();

    // A ValueTask made of what is there already is how a library's interface is answered without waiting.
    [GeneratedRegex(@"\basync\b|\bawait\b|\bTask<|\bValueTask<(?![^;{]*\)\s*=>\s*new\()|\bTask \w+\(|Microsoft\.EntityFrameworkCore")]
    private static partial Regex Waiting();
}
