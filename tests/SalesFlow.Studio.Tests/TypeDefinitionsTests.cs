using System.Text.Json.Nodes;
using SalesFlow.Engine.Expressions;
using SalesFlow.Studio.Scripting;

namespace SalesFlow.Studio.Tests;

/// <summary>What the editor knows of scripts is what scripts find.</summary>
public sealed class TypeDefinitionsTests
{
    private static string Declared => TypeDefinitions.Of(new JsonObject(), [], [], choosesOutcomes: false);

    [Fact]
    public void Every_function_that_scripts_find_is_declared() =>
        Assert.All(Evaluator.ScriptFunctions, name => Assert.Contains($"declare function {name}(", Declared, StringComparison.Ordinal));

    [Theory, InlineData("DateTime"), InlineData("DateTimeOffset"), InlineData("TimeSpan"), InlineData("Guid"), InlineData("Random")]
    public void So_are_the_types(string name) => Assert.Matches($@"declare (const|class) {name}\b", Declared);
}
