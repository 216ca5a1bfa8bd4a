using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>Plays a definition: each turn goes on from the bytes of the last, and an event that nobody waits for is kept.</summary>
public sealed class Play
{
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static readonly Interpreter Interpreter = new();
    private readonly List<string> _kept = [];

    public Play(string json, ActivityCatalogue? catalogue = null, Func<DefinitionReference, string?>? resolve = null, Facts? facts = null)
    {
        Definition = Assert.IsType<Reading.Fine>(DefinitionReader.Read(json, catalogue ?? ActivityCatalogue.BuiltIn, resolve)).Definition;
        Facts = facts ?? Facts.None;
    }

    public WorkflowDefinition Definition { get; }
    public Facts Facts { get; }
    public InstanceState State { get; private set; } = new();
    public List<string> Lines { get; } = [];
    public List<string> Journal { get; } = [];
    public Turn Last { get; private set; } = null!;
    public DateTimeOffset Now { get; set; } = Monday;

    public Play Start(IReadOnlyDictionary<string, object?>? input = null) => Take(null, new Stimulus.Start(input));

    /// <summary>Tells everyone who waits; when nobody does, the event is kept until <see cref="Settle"/>.</summary>
    public Play Tell(string eventName)
    {
        if (!Deliver(eventName))
            _kept.Add(eventName);
        return this;
    }

    /// <summary>Delivers what was kept, as long as somebody has begun to wait for it.</summary>
    public Play Settle()
    {
        while (_kept.Find(Deliver) is { } delivered)
            _kept.Remove(delivered);
        return this;
    }

    private bool Deliver(string eventName)
    {
        var waiting = State.Bookmarks.FindAll(bookmark => bookmark.Name == "Elsa.Event" && bookmark.Stimulus == eventName);
        foreach (var bookmark in waiting)
            Send(new Stimulus.Resume(bookmark.Number));
        return waiting.Count > 0;
    }

    public Play Send(Stimulus stimulus) => Take(InstanceState.FromBytes(State.ToBytes()), stimulus);

    private Play Take(InstanceState? state, Stimulus stimulus)
    {
        Last = Interpreter.Run(Definition, state, 1, stimulus, Facts, Now);
        State = Last.State;
        Lines.AddRange(Last.Lines);
        Journal.AddRange(Last.Journal.Select(entry => $"{entry.ActivityId} {entry.Event}"));
        return this;
    }
}
