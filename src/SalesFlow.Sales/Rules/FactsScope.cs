using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Rules;

/// <summary>What the expression of a rule sees: the facts only, wherever it is asked (a turn, the list of moves).</summary>
internal sealed class FactsScope(DealFacts facts, DateTimeOffset now) : Scope
{
    private int _number;

    public override IEnumerable<string> VariableNames => [];
    public override IEnumerable<string> InputNames => [];
    public override object? LastResult => null;
    public override string? CorrelationId { get; set; }
    public override string? InstanceName { get; set; }
    public override long InstanceId => facts.Deal.Id.Value;
    public override string DefinitionId => facts.Deal.Pipeline;
    public override string VersionId => facts.Deal.DefinitionVersionId;
    public override int Version => facts.Deal.DefinitionVersion;
    public override Facts Facts => facts;
    public override DateTimeOffset Now => now;

    public override object? GetVariable(string idOrName, out bool found)
    {
        found = false;
        return null;
    }

    // A rule asks; it has nothing to write to.
    public override void SetVariable(string idOrName, object? value) => throw new FaultException("A rule may read the deal, not set variables.");
    public override object? GetInput(string name) => null;
    public override object? GetOutput(string activityIdOrName, string? outputName) => null;
    public override int NextNumber() => ++_number;
}
