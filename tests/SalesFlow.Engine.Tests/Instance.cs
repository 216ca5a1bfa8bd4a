using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>An instance as a runtime would hold it: only bytes survive from turn to turn.</summary>
internal sealed class Instance(WorkflowDefinition definition, EngineLimits? limits = null)
{
    private WorkflowDefinition _definition = definition;
    private readonly Interpreter _interpreter = new(limits);

    public byte[]? Bytes { get; private set; }
    public List<string> Lines { get; } = [];
    public List<JournalEntry> Journal { get; } = [];
    public List<Change> Changes { get; } = [];
    public List<Effect> Effects { get; } = [];
    public InstanceState State => InstanceState.FromBytes(Bytes!);
    public IEnumerable<string> Events => Journal.Select(entry => $"{entry.ActivityId}.{entry.Event}");
    public string Status => $"{State.Status}/{State.SubStatus}";

    /// <summary>Mends the stored state by hand, as an administrator's alteration would.</summary>
    public void Overwrite(Action<InstanceState> mend)
    {
        var state = State;
        mend(state);
        Bytes = state.ToBytes();
    }

    public Turn Start(Dictionary<string, object?>? input = null, string? trigger = null, FlowchartMode flowcharts = FlowchartMode.Default) =>
        Run(new Stimulus.Start(input, trigger, Flowcharts: flowcharts));

    /// <summary>Goes on under another version of the definition.</summary>
    public Turn Follow(WorkflowDefinition to)
    {
        var turn = Run(new Stimulus.Follow(to));
        _definition = to;
        return turn;
    }

    public Turn Event(string name, object? payload = null) => Resume(State.Bookmarks.First(bookmark => bookmark.Stimulus == name), payload);

    public Turn Resume(Bookmark bookmark, object? input = null) => Run(new Stimulus.Resume(bookmark.Number, input));

    public Turn Run(Stimulus stimulus, Facts? facts = null, DateTimeOffset? now = null, params Change[] changes)
    {
        var turn = _interpreter.Run(_definition, Bytes is null ? null : State, 7, stimulus, facts ?? Facts.None, now ?? Given.Monday, changes);
        Lines.AddRange(turn.Lines);
        Journal.AddRange(turn.Journal);
        Changes.AddRange(turn.Changes);
        Effects.AddRange(turn.Effects.Select(effect => effect.Effect));
        Bytes = turn.State.ToBytes();
        Assert.Equal(Bytes, State.ToBytes());
        return turn;
    }
}
