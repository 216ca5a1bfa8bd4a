using System.Globalization;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Flow;

/// <summary>One turn in the making: the queue, the executions and everything collected for <see cref="Turn"/>.</summary>
internal sealed partial class TurnRun(WorkflowDefinition definition, InstanceState state, Facts facts, DateTimeOffset now, EngineLimits limits, Evaluator evaluator, FlowchartMode host)
{
    private readonly Queue<Execution> _queue = new();
    private readonly List<Execution> _executions = [];
    private readonly List<Change> _changes = [];
    private readonly List<EffectRequest> _effects = [];
    private readonly List<JournalEntry> _journal = [];
    private readonly List<Bookmark> _bookmarked = [];
    private readonly List<Bookmark> _burned = [];
    private readonly List<Incident> _incidents = [];
    private readonly List<string> _lines = [];
    private Dictionary<(string Activity, string Output), object?>? _outputs;
    private int _steps;
    private bool _fired;
    private byte[]? _stateBytes;

    public WorkflowDefinition Definition { get; } = definition;
    public InstanceState State { get; } = state;
    public Facts Facts { get; } = facts;
    public DateTimeOffset Now { get; } = now;
    public Evaluator Evaluator { get; } = evaluator;
    public object? LastResult { get; private set; }
    /// <summary>Inputs of this turn's start; only those with a storage driver survive it.</summary>
    public IReadOnlyDictionary<string, object?> Input { get; private set; } = state.Input;
    public string? TriggerActivityId { get; private set; }
    /// <summary>How flowcharts that begin in this turn go on: as the instance was started, else as the host says.</summary>
    public FlowchartMode Flowcharts => State.Flowcharts == FlowchartMode.Default ? host : State.Flowcharts;

    /// <summary>What the journal keeps when the definition says nothing.</summary>
    public LogPersistence Logs { get; init; }
    /// <summary>Executions whose own definition is another one since the last turn.</summary>
    public IReadOnlySet<int> Changed { get; init; } = System.Collections.Frozen.FrozenSet<int>.Empty;

    /// <summary>True once: for the trigger whose firing started the instance. Reached again, it waits as any other.</summary>
    public bool IsFiring(Node node)
    {
        var fires = !_fired && TriggerActivityId == node.Id;
        _fired |= fires;
        return fires;
    }

    public Turn Run(Stimulus stimulus)
    {
        Restore();
        var woke = Begin(stimulus);
        // A faulted instance that follows a version or hears of an effect stands still until it is retried; what is queued stays queued.
        var tells = stimulus is Stimulus.GiveUp or Stimulus.TryAgain;
        if (woke && stimulus is not Stimulus.Cancel && !((tells || stimulus is Stimulus.Follow) && State.Status == WorkflowStatus.Finished))
            Drain();
        var heard = TellWatchers();
        Settle(woke || heard);
        Store();
        if (woke && !tells)
            TellParent();
        State.FinishedAt = State.Status == WorkflowStatus.Finished ? State.FinishedAt ?? Now : null;
        return new Turn
        {
            State = State, StateBytes = _stateBytes, Woke = woke || _changes.Count > 0, Changes = [.. _changes], Effects = [.. _effects], Journal = [.. _journal],
            Bookmarked = [.. _bookmarked], Burned = [.. _burned], Incidents = [.. _incidents], Lines = [.. _lines],
        };
    }

    public int NextNumber() => ++State.Sequence;

    public void Change(Change change)
    {
        Facts.Apply(change);
        _changes.Add(change);
    }

    public void Effect(Effect effect, Bookmark? answer) => _effects.Add(new EffectRequest(NextNumber(), effect, answer?.Number));

    public void Line(string text) => _lines.Add(text);

    /// <summary>The execution whose beginning, resumption or end is being dealt with: what is scheduled meanwhile is scheduled by it.</summary>
    public int Cause { get; set; }
    /// <summary>While a signal is being received: what it passed on its way up.</summary>
    public List<Execution>? Passed { get; set; }

    public void Log(Execution execution, string eventName, string? message = null, IReadOnlyList<string>? outcomes = null, Failure? failure = null) =>
        _journal.Add(new JournalEntry(NextNumber(), execution.Id, execution.Node.Id, execution.Node.NodeId, execution.Node.Type, eventName, Now, message, outcomes)
        {
            Parent = execution.Parent?.Id ?? 0, ScheduledBy = eventName == "Started" ? execution.ScheduledBy : 0,
            State = execution.NewState(), Outputs = execution.NewOutputs(), Failure = failure,
        });

    public Execution Schedule(Node node, Execution? parent, object? tag = null)
    {
        var execution = new Execution(this, node, parent, NextNumber(), tag) { ScheduledBy = Cause };
        _executions.Add(execution);
        parent?.Live.Add(execution);
        _queue.Enqueue(execution);
        return execution;
    }

    public void AddBookmark(Bookmark bookmark)
    {
        State.Bookmarks.Add(bookmark);
        _bookmarked.Add(bookmark);
    }

    public void Burn(Bookmark bookmark)
    {
        var index = State.Bookmarks.FindIndex(other => other.Number == bookmark.Number);
        if (index < 0)
            return;
        State.Bookmarks.RemoveAt(index);
        if (_bookmarked.RemoveAll(other => other.Number == bookmark.Number) == 0)
            _burned.Add(bookmark);
    }

    public void BurnAll(Execution execution)
    {
        for (var i = State.Bookmarks.Count - 1; i >= 0; i--)
            if (State.Bookmarks[i].Activation == execution.Id)
                Burn(State.Bookmarks[i]);
    }

    public bool HasBookmark(Execution execution)
    {
        foreach (var bookmark in State.Bookmarks)
            if (bookmark.Activation == execution.Id)
                return true;
        return false;
    }

    public void Produced(Execution execution, string output, object? value)
    {
        (_outputs ??= [])[(execution.Node.Id, output)] = value;
        if (execution.Node.Name is { } name)
            _outputs[(name, output)] = value;
        if (output == "Result")
            LastResult = value;
    }

    public object? OutputOf(string activityIdOrName, string? output)
    {
        if (_outputs is null)
            return null;
        if (output is not null)
            return _outputs.GetValueOrDefault((activityIdOrName, output));
        foreach (var (key, value) in _outputs)
            if (key.Activity == activityIdOrName)
                return value;
        return null;
    }

    /// <summary>Ends everything at once: Finish, and a cancelled instance. Executions hear of it, the journal does not.</summary>
    public void Stop(WorkflowSubStatus subStatus, Execution? except = null)
    {
        _queue.Clear();
        State.Status = WorkflowStatus.Finished;
        State.SubStatus = subStatus;
        for (var i = _executions.Count - 1; i >= 0; i--)
            if (_executions[i] != except)
                _executions[i].Drop();
        foreach (var bookmark in State.Bookmarks.ToArray())
            Burn(bookmark);
    }

    /// <summary>Records what went wrong. Under the fault strategy the instance ends, but what is queued still runs (as in Elsa).</summary>
    public void Fault(Execution execution, Exception exception)
    {
        execution.MarkFaulted();
        Report(execution, exception);
        Log(execution, "Faulted", exception.Message, failure: Failure.Of(exception));
        if (Definition.ContinueWithIncidents)
            return;
        State.Status = WorkflowStatus.Finished;
        State.SubStatus = WorkflowSubStatus.Faulted;
    }

    /// <summary>Stops the whole instance at a limit of the turn. No execution is faulted: a retry goes on where it stopped.</summary>
    private void HitLimit(Execution execution, string message)
    {
        var limit = new FaultException(message);
        Report(execution, limit);
        Log(execution, "Faulted", message, failure: Failure.Of(limit));
        (State.Status, State.SubStatus) = (WorkflowStatus.Finished, WorkflowSubStatus.Faulted);
    }

    /// <summary>Adds an incident.</summary>
    public void Report(Execution execution, Exception exception, int? effect = null)
    {
        var incident = new Incident(NextNumber(), execution.Id, execution.Node.Id, execution.Node.NodeId, execution.Node.Type, exception.Message, exception.GetType().Name, Now) { Effect = effect };
        State.Incidents.Add(incident);
        _incidents.Add(incident);
    }

    /// <summary>Lets activities that wait for a condition look again, as long as there are changes they have not seen. True when one went on.</summary>
    private bool TellWatchers()
    {
        var (told, journal) = (0, _journal.Count);
        while (told < _changes.Count && State.Status == WorkflowStatus.Running)
        {
            told = _changes.Count;
            for (var i = 0; i < _executions.Count; i++)
                if (_executions[i] is { Status: ActivityStatus.Running, Node.Activity.WatchesFacts: true } watcher)
                    Guarded(watcher, static execution => execution.Node.Activity.FactsChanged(execution));
            Drain();
        }
        return _journal.Count > journal;
    }

    private void Guarded(Execution execution, Action<Execution> act)
    {
        try
        {
            act(execution);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Fault(execution, exception);
        }
    }

    private void Drain()
    {
        while (_queue.TryDequeue(out var execution))
        {
            if (execution.Status != ActivityStatus.Pending)
                continue;
            if (++_steps > limits.MaxSteps)
            {
                _queue.Clear();
                HitLimit(execution, string.Create(CultureInfo.InvariantCulture, $"The turn ran {limits.MaxSteps:N0} activities without waiting: the workflow seems to loop. Add a wait to the loop, then retry."));
                return;
            }
            Guarded(execution, static next => next.Run());
        }
    }
}
