using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine;

/// <summary>
/// The behaviour of one activity type. One object serves every node and every instance, so it holds no state of its own:
/// what an execution must remember lives in the <see cref="Activation"/>.
/// </summary>
public abstract class Activity(ActivityDescriptor descriptor)
{
    /// <summary>What designers and the definition reader may know of this type.</summary>
    public ActivityDescriptor Descriptor { get; } = descriptor;

    /// <summary>
    /// Reads the node's own JSON once, when the definition is compiled, into whatever <see cref="Execute"/> needs
    /// (kept as <see cref="Node.Plan"/>). Every mistake is reported, none is thrown.
    /// </summary>
    public virtual object? Compile(NodeSource source) => null;

    /// <summary>
    /// What starts instances at this node once its definition is published. Pure; a <see cref="FaultException"/> says why it cannot be indexed.
    /// </summary>
    public virtual IEnumerable<Trigger> Triggers(TriggerSource source) => Descriptor.Kind == "Trigger" ? [new Trigger(source.Node.Id, Descriptor.TypeName)] : [];

    /// <summary>Begins the activity. It ends by <see cref="Activation.Complete(string[])"/>, or waits for a bookmark or a child.</summary>
    public abstract void Execute(Activation activation);

    /// <summary>A bookmark of this execution was resumed. Inputs have been evaluated anew (as Elsa does).</summary>
    public virtual void Resume(Activation activation, Bookmark bookmark, object? input) => activation.Complete();

    /// <summary>A child that this execution scheduled has completed with <paramref name="outcomes"/>.</summary>
    public virtual void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => activation.Complete();

    /// <summary>A direct child was cancelled (by a jump, a join, a person).</summary>
    public virtual void ChildCancelled(Activation activation, Activation child) { }

    /// <summary>
    /// A signal rises from a descendant (Break, Complete). Answer true to stop it here.
    /// </summary>
    public virtual bool Receive(Activation activation, Signal signal) => false;

    /// <summary>True when <see cref="FactsChanged"/> is of interest. Ours, not Elsa's: lets a process wait for a condition instead of an event.</summary>
    public virtual bool WatchesFacts => false;

    /// <summary>The facts changed in this turn while the execution is running. It may complete; no journal entry is made and no input evaluated for it.</summary>
    public virtual void FactsChanged(Activation activation) { }

    /// <summary>
    /// The instance goes on under another version of its definition, in which this node reads differently. It has been compiled and its inputs evaluated
    /// anew; renew what was derived from them (a timer). Ours, not Elsa's.
    /// </summary>
    public virtual void VersionChanged(Activation activation) { }

    /// <summary>True when <see cref="TimeChanged"/> is of interest.</summary>
    public virtual bool WatchesTime => false;

    /// <summary>How time is counted has changed (<see cref="Stimulus.Replan"/>). The inputs have been evaluated anew; renew timers and due times. Ours, not Elsa's.</summary>
    public virtual void TimeChanged(Activation activation) { }

    /// <summary>The execution was cancelled after its children; say what the world must forget (close the task, leave the stage).</summary>
    public virtual void Cancelled(Activation activation) { }

    /// <summary>The execution is about to be marked completed, whatever the way; called once, before the parent hears of it.</summary>
    public virtual void Completing(Activation activation, Outcomes outcomes) { }
}

/// <summary>What rises from an activity to its ancestors.</summary>
public abstract record Signal
{
    private Signal() { }

    /// <summary>Leave the nearest loop.</summary>
    public sealed record Break : Signal;

    /// <summary>Complete the nearest workflow, workflow-as-activity or other composite with these outcomes.</summary>
    public sealed record Complete(Outcomes Outcomes) : Signal;
}

/// <summary>The outcomes an activity completed with; <see cref="Default"/> is Elsa's {null, "Done"}.</summary>
public readonly record struct Outcomes(IReadOnlyList<string> Names)
{
    /// <summary>The name of the default outcome.</summary>
    public const string Done = "Done";

    /// <summary>Completed without naming an outcome.</summary>
    public static readonly Outcomes Default = new([Done]);

    /// <summary>True when a connection leaving by <paramref name="port"/> is followed; no port counts as the default outcome.</summary>
    public bool Follow(string? port)
    {
        var wanted = string.IsNullOrEmpty(port) ? Done : port;
        foreach (var name in Names)
            if (string.Equals(name, wanted, StringComparison.Ordinal))
                return true;
        return false;
    }
}
