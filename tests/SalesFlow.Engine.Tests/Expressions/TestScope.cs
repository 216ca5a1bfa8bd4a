using System.Text.Json;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Tests.Expressions;

/// <summary>A scope with values in plain sight.</summary>
internal sealed class TestScope : Scope
{
    private int _number;
    public Dictionary<string, object?> Variables { get; } = [];
    public Dictionary<string, object?> Inputs { get; } = [];
    public Dictionary<string, object?> World { get; } = [];
    public List<string> Chosen { get; } = [];

    public override object? GetVariable(string idOrName, out bool found)
    {
        found = Variables.TryGetValue(idOrName, out var value);
        return value;
    }

    public override void SetVariable(string idOrName, object? value) => Variables[idOrName] = value;
    public override IEnumerable<string> VariableNames => Variables.Keys;
    public override object? GetInput(string name) => Inputs.GetValueOrDefault(name);
    public override IEnumerable<string> InputNames => Inputs.Keys;
    public override object? GetOutput(string activityIdOrName, string? outputName) => $"{activityIdOrName}.{outputName}";
    public override object? LastResult => "last";
    public override string? CorrelationId { get; set; } = "order-1";
    public override string? InstanceName { get; set; }
    public override long InstanceId => 42;
    public override string DefinitionId => "def";
    public override string VersionId => "def-v3";
    public override int Version => 3;
    public override Facts Facts => new World_(World);
    public override DateTimeOffset Now { get; } = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public override int NextNumber() => ++_number;
    public override bool AcceptsOutcomes => true;
    public override void SetOutcomes(IReadOnlyList<string> outcomes) => Chosen.AddRange(outcomes);

    private sealed class World_(Dictionary<string, object?> values) : Facts
    {
        public override IReadOnlyCollection<string> Names => values.Keys;
        public override object? Read(string name) => values.GetValueOrDefault(name);
        public override void Apply(Change change) { }
    }
}

internal static class Evaluating
{
    public static readonly Evaluator Evaluator = new(new EngineLimits { ExpressionTime = TimeSpan.FromMilliseconds(500) });

    public static Expression Expression(string type, string text) => new(type, JsonSerializer.SerializeToElement(text));

    public static object? JavaScript(this TestScope scope, string source, string target = "Object") =>
        Evaluator.Evaluate(Expression("JavaScript", source), scope, target);

    public static object? Text(this TestScope scope, string type, string source, string target = "Object") =>
        Evaluator.Evaluate(Expression(type, source), scope, target);

    /// <summary>The message of the fault, or what came instead of one.</summary>
    public static string Fault(Func<object?> evaluate)
    {
        try
        {
            return $"no fault but {evaluate()}";
        }
        catch (FaultException fault)
        {
            return fault.Message;
        }
    }
}
