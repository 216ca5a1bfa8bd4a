using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Flow;

/// <summary>What expressions see of an execution.</summary>
internal sealed class ExecutionScope(Execution execution) : Scope
{
    public IReadOnlyList<string>? ChosenOutcomes { get; private set; }
    public bool Choosing { get; set; }

    public override object? GetVariable(string idOrName, out bool found)
    {
        var cell = execution.CellInReach(idOrName);
        found = cell is not null;
        return cell?.Value;
    }

    public override void SetVariable(string idOrName, object? value) => execution.SetVariable(idOrName, value);

    public override IEnumerable<string> VariableNames => execution.NamesInReach();

    public override object? GetInput(string name) =>
        execution.Composite() is { } composite ? composite.FindCell(name)?.Value
        : execution.TurnOf.Input.TryGetValue(name, out var value) ? value : null;

    public override IEnumerable<string> InputNames => execution.Composite() is { } composite
        ? composite.Node.Activity.Descriptor.Inputs.Select(input => input.Name) : execution.TurnOf.Definition.Inputs.Select(input => input.Name);

    public override object? GetOutput(string activityIdOrName, string? outputName) => execution.TurnOf.OutputOf(activityIdOrName, outputName);

    public override object? LastResult => execution.TurnOf.LastResult;

    public override string? CorrelationId
    {
        get => execution.Instance.CorrelationId;
        set => execution.Instance.CorrelationId = value;
    }

    public override string? InstanceName
    {
        get => execution.Instance.Name;
        set => execution.Instance.Name = value;
    }

    public override long InstanceId => execution.Instance.InstanceId;
    public override string DefinitionId => execution.TurnOf.Definition.DefinitionId;
    public override string VersionId => execution.TurnOf.Definition.VersionId;
    public override int Version => execution.TurnOf.Definition.Version;
    public override Facts Facts => execution.Facts;
    public override DateTimeOffset Now => execution.Now;
    public override int NextNumber() => execution.NextNumber();
    public override bool AcceptsOutcomes => Choosing;
    public override void SetOutcomes(IReadOnlyList<string> outcomes) => ChosenOutcomes = outcomes;
}
