using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Flow;

/// <summary>The interpreter's own <see cref="Activation"/>.</summary>
internal sealed partial class Execution : Activation
{
    private readonly TurnRun _run;
    private readonly Execution? _parent;
    private readonly object? _tag;
    private List<Execution>? _live;
    private List<Cell>? _cells;
    private Dictionary<string, object?>? _remembered;
    private KeyValuePair<string, object?>[] _inputs = [];
    private bool _showsInputs;
    private Dictionary<string, object?>? _outputs;
    private ExecutionScope? _scope;
    private bool _ending;
    private IReadOnlyList<string>? _unheard;

    /// <summary>A new execution, to be run when its turn in the queue comes.</summary>
    public Execution(TurnRun run, Node node, Execution? parent, int id, object? tag)
    {
        (_run, Node, _parent, Id, _tag) = (run, node, parent, id, tag);
        State = ActivityStatus.Pending;
        Declare(node);
    }

    /// <summary>An execution remembered from an earlier turn.</summary>
    public Execution(TurnRun run, Node node, Execution? parent, ExecutionState stored)
    {
        (_run, Node, _parent, Id, _tag) = (run, node, parent, stored.Id, stored.Tag);
        State = stored.Status;
        ScheduledBy = stored.Parent;
        Backward = stored.Backward;
        Counters = stored.Counters;
        _remembered = stored.Remembered;
        _unheard = stored.Outcomes;
        Declare(node);
        foreach (var cell in stored.Cells ?? [])
            Restore(cell);
    }

    public override int Id { get; }
    public override Node Node { get; }
    public override Activation? Parent => _parent;
    public override ActivityStatus Status => State;
    public override DateTimeOffset Now => _run.Now;
    public override InstanceState Instance => _run.State;
    public override Facts Facts => _run.Facts;
    public override bool IsIdle => _live is null or { Count: 0 };
    public override IEnumerable<Activation> Children => Live.Where(child => child.IsLive);

    /// <summary>The execution that led to this one; an execution remembered from an earlier turn has lost it and names its parent.</summary>
    public int ScheduledBy { get; init; }
    /// <summary>Started by following a connection backwards.</summary>
    public bool Backward { get; set; }
    /// <summary>Visit counters of a flowchart; null when it passes tokens instead.</summary>
    public int[]? Counters { get; set; }
    /// <summary>Tokens of a flowchart, once this turn has looked at them.</summary>
    public TokenWalk? Tokens { get; set; }
    /// <summary>Children that are pending, running or faulted, oldest first.</summary>
    public List<Execution> Live => _live ??= [];
    /// <summary>Set while children are cancelled by a jump: the flow does not go on from them.</summary>
    public bool Quiet { get; set; }
    public object? Tag => _tag;
    public TurnRun TurnOf => _run;
    public bool IsLive => Status is ActivityStatus.Pending or ActivityStatus.Running;

    public void Run()
    {
        State = ActivityStatus.Running;
        if (_unheard is { } outcomes)
        {
            _unheard = null;
            State = ActivityStatus.Completed;
            _run.Log(this, "Completed", outcomes: outcomes);
            TellParent(new Outcomes(outcomes));
            return;
        }
        EvaluateInputs("Started");
        Node.Activity.Execute(this);
        NoteSuspension();
    }

    public void Resume(Bookmark bookmark, object? input)
    {
        EvaluateInputs("Resumed");
        // Burned first so that an activity may wait anew under the same name; a throw keeps the turn's state anyway: retry executes afresh.
        if (bookmark.AutoBurn)
            _run.Burn(bookmark);
        Node.Activity.Resume(this, bookmark, input);
        if (Status == ActivityStatus.Running)
            NoteSuspension();
    }

    /// <summary>Its definition is another one: the inputs are evaluated by the new one, and the activity may renew what it made of them.</summary>
    public void TellVersionChanged() => Tell(Node.Activity.VersionChanged);

    /// <summary>Time is counted in another way: the activity may renew its timers.</summary>
    public void TellTimeChanged() => Tell(Node.Activity.TimeChanged);

    private void Tell(Action<Activation> news)
    {
        _run.Cause = Id;
        try
        {
            EvaluateInputs();
            news(this);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            _run.Fault(this, mistake);
        }
    }

    public override void Complete(params string[] outcomes) => Complete(outcomes.Length == 0 ? Outcomes.Default : new Outcomes(outcomes));

    public void Complete(Outcomes outcomes)
    {
        if (Status != ActivityStatus.Running || _ending)
            return;
        _ending = true;
        CancelChildren();
        try
        {
            Node.Activity.Completing(this, outcomes);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            _run.Fault(this, mistake);
            return;
        }
        State = ActivityStatus.Completed;
        _run.BurnAll(this);
        _run.Log(this, "Completed", outcomes: outcomes.Names);
        TellParent(outcomes);
    }

    /// <summary>When the parent cannot go on, this execution is the faulted one (as in Elsa), and a retry tells the parent again instead of running anew.</summary>
    private void TellParent(Outcomes outcomes)
    {
        if (_parent is null)
            return;
        _parent.Live.Remove(this);
        if (_parent is not { Status: ActivityStatus.Running, _ending: false })
            return;
        _run.Cause = Id;
        try
        {
            _parent.Node.Activity.ChildCompleted(_parent, this, outcomes);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            _unheard = outcomes.Names;
            _run.Fault(this, mistake);
        }
    }

    public override void Cancel()
    {
        if (Status is ActivityStatus.Completed or ActivityStatus.Canceled || _ending)
            return;
        _ending = true;
        var (started, completed) = (Status != ActivityStatus.Pending, _unheard is not null);
        if (Status == ActivityStatus.Faulted)
            Instance.Incidents.RemoveAll(incident => incident.Activation == Id);
        CancelChildren();
        var passed = _run.Passed?.Contains(this) == true;
        State = passed ? ActivityStatus.Completed : ActivityStatus.Canceled;
        _run.BurnAll(this);
        if (started)
        {
            if (!completed && !passed)
                TellActivity();
            _run.Log(this, $"{State}");
        }
        if (_parent is null)
            return;
        _parent.Live.Remove(this);
        if (_parent is not { Status: ActivityStatus.Running, _ending: false })
            return;
        _run.Cause = Id;
        try
        {
            _parent.Node.Activity.ChildCancelled(_parent, this);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            _run.Report(this, mistake);
        }
    }

    /// <summary>Ends with the whole instance: the activity hears of it, the journal and the parent do not.</summary>
    public void Drop()
    {
        if (Status is not (ActivityStatus.Running or ActivityStatus.Faulted))
            return;
        _ending = true;
        State = ActivityStatus.Canceled;
        if (_unheard is null)
            TellActivity();
    }

    /// <summary>A mistake in what an activity does when cancelled is reported, but nothing keeps it from being cancelled.</summary>
    private void TellActivity()
    {
        try
        {
            Node.Activity.Cancelled(this);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            _run.Report(this, mistake);
        }
    }

    public override void FinishWorkflow()
    {
        _run.Stop(WorkflowSubStatus.Finished, except: this);
        Complete();
    }

    public override void Raise(Signal signal)
    {
        // What the signal passes on its way was not interrupted: it came to its end by this signal, and the journal says so.
        var (outer, passed) = (_run.Passed, new List<Execution> { this });
        _run.Passed = passed;
        for (var ancestor = _parent; ancestor is not null; ancestor = ancestor._parent)
        {
            if (ancestor.Node.Activity.Receive(ancestor, signal))
                break;
            if (ancestor.Node.Activity is Flowchart or Sequence or Activities.Parallel or Fork or Activities.If or Switch or FlowNode)
                passed.Add(ancestor);
        }
        _run.Passed = outer;
    }

    public void MarkFaulted()
    {
        State = ActivityStatus.Faulted;
        _ending = false;
        if (_parent is not null && !_parent.Live.Contains(this))
            _parent.Live.Add(this);
    }

    public void Again() => (State, _ending) = (ActivityStatus.Pending, false);

    public ExecutionState ToState() => new()
    {
        Id = Id, Parent = _parent?.Id ?? 0, NodeId = Node.NodeId, Status = Status, Backward = Backward, Counters = Counters,
        Remembered = _remembered, Tag = _tag, Cells = _cells, Outcomes = _unheard,
    };

    private ActivityStatus State { get; set; }

    private void CancelChildren()
    {
        while (_live is { Count: > 0 } live)
        {
            var child = live[0];
            child.Cancel();
            live.Remove(child);
        }
    }

    private void NoteSuspension()
    {
        if (Status == ActivityStatus.Running && _run.HasBookmark(this))
            _run.Log(this, "Suspended");
    }
}
