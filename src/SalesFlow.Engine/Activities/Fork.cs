using System.Text.Json;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Activities;

/// <summary>Runs its branches side by side until all, or any, of them have completed.</summary>
internal sealed class Fork() : Activity(new("Elsa.Fork", new("Fork", "Развилка"), Categories.ControlFlow)
{
    IsBrowsable = false,
    Inputs = [new("JoinMode", "String", new("Join mode", "Режим слияния")) { IsWrapped = false, AutoEvaluate = false, UIHint = "dropdown", Default = "WaitAll", Options = [("WaitAll", new("Wait all", "Все ветви")), ("WaitAny", new("Wait any", "Любая ветвь"))] }],
})
{
    private sealed record Branches(List<Node> Nodes, bool WaitAny);

    public override object? Compile(NodeSource source)
    {
        var (branches, index) = (new List<Node>(), 0);
        foreach (var json in source.Json.Items("branches", (at, message) => source.Report(at, message)))
            if (source.Child(json, $"branches[{index++}]") is { } branch)
                branches.Add(branch);
        var mode = source.Json.Member("joinMode");
        var waitAny = mode is { ValueKind: JsonValueKind.Number } number ? number.TryGetInt32(out var value) && value == 1 : mode?.ToString() == "WaitAny";
        if (mode is not null && !waitAny && mode.Value.ToString() is not ("WaitAll" or "0"))
            source.Report("joinMode", $"is '{mode}'; expected WaitAll or WaitAny. The fork will wait for all branches.", isError: false);
        return new Branches(branches, waitAny);
    }

    public override void Execute(Activation activation)
    {
        foreach (var branch in ((Branches)activation.Node.Plan!).Nodes)
            activation.Schedule(branch);
        if (activation.IsIdle)
            activation.Complete();
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        if (((Branches)activation.Node.Plan!).WaitAny || activation.IsIdle)
            activation.Complete();
    }

    /// <summary>A Break goes on to the loop around the fork; without one the fork is what it leaves.</summary>
    public override bool Receive(Activation activation, Signal signal)
    {
        if (signal is not Signal.Break)
            return false;
        for (var around = activation.Parent; around is not null; around = around.Parent)
            if (around.Node.Activity is Loop)
                return false;
        activation.Complete();
        return true;
    }
}
