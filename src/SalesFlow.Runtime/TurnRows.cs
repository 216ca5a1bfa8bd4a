using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Runtime;

/// <summary>The rows of the runtime's own tables that a turn comes to.</summary>
internal static class TurnRows
{
    private static readonly RowShape NewInstance = RowShape.Insert("instances", ("id", Number), ("definition_id", Words), ("definition_version_id", Words), ("definition_version", Count), ("status", Count), ("sub_status", Count), ("correlation_id", Words), ("name", Words), ("search", Words), ("incidents", Count), ("version", Number), ("created_at", Number), ("updated_at", Number), ("finished_at", Number));
    private static readonly RowShape ChangedInstance = RowShape.Update("instances", [("id", Number)], ("status", Count), ("sub_status", Count), ("correlation_id", Words), ("name", Words), ("search", Words), ("incidents", Count), ("version", Number), ("updated_at", Number), ("finished_at", Number));
    private static readonly RowShape MigratedInstance = RowShape.Update("instances", [("id", Number)], ("definition_version_id", Words), ("definition_version", Count));
    private static readonly RowShape NewState = RowShape.Insert("states", ("instance_id", Number), ("state", Bytes));
    private static readonly RowShape ChangedState = RowShape.Update("states", [("instance_id", Number)], ("state", Bytes));
    private static readonly RowShape NewBookmark = RowShape.Insert("bookmarks", ("instance_id", Number), ("number", Count), ("name", Words), ("stimulus", Words), ("due_at", Number));
    private static readonly RowShape BurnedBookmark = RowShape.Delete("bookmarks", ("instance_id", Number), ("number", Count));
    private static readonly RowShape Journal = RowShape.Insert("journal", ("instance_id", Number), ("turn", Number), ("at", Number), ("entries", Bytes), ("tells", Flag));
    private static readonly RowShape Incident = RowShape.Insert("incidents", ("instance_id", Number), ("number", Count), ("activity_id", Words), ("node_id", Words), ("message", Words), ("at", Number));
    private static readonly RowShape Effect = RowShape.Insert("outbox", ("instance_id", Number), ("number", Count), ("kind", Words), ("body", Words), ("answer_bookmark", Count), ("attempts", Count), ("not_before", Number), ("last_error", Words));

    /// <summary>A performed effect is no longer in the outbox.</summary>
    public static readonly RowShape Performed = RowShape.Delete("outbox", ("instance_id", Number), ("number", Count));
    /// <summary>An effect that failed is tried again later.</summary>
    public static readonly RowShape Postponed = RowShape.Update("outbox", [("instance_id", Number), ("number", Count)], ("attempts", Count), ("not_before", Number), ("last_error", Words));
    /// <summary>An effect that was given up is tried again from its first attempt on.</summary>
    public static readonly RowShape TriedAgain = RowShape.Update("outbox", [("instance_id", Number), ("number", Count)], ("attempts", Count), ("not_before", Number));
    /// <summary>An event nobody waits for.</summary>
    public static readonly RowShape Kept = RowShape.Insert("kept_events", ("id", Number), ("name", Words), ("correlation_id", Words), ("instance_id", Number), ("payload", Words), ("expires_at", Number));
    /// <summary>It has been delivered.</summary>
    public static readonly RowShape Delivered = RowShape.Delete("kept_events", ("id", Number));

    /// <summary>Adds the rows of a turn. <paramref name="version"/> is the instance's version before it; 0 for a new one. Until <paramref name="effectsFrom"/> its effects are this server's. Answers the state's bytes.</summary>
    public static byte[] Write(Turn turn, WorkflowDefinition definition, long version, DateTimeOffset now, DateTimeOffset effectsFrom, EffectKinds kinds, RowBatch rows)
    {
        var (state, id) = (turn.State, turn.State.InstanceId);
        var (search, finished) = (InstanceRow.Searched(state.Name, state.CorrelationId), state.FinishedAt is { } at ? Micros(at) : (long?)null);
        if (version == 0)
            rows.Add(NewInstance, id, definition.DefinitionId, definition.VersionId, definition.Version, (int)state.Status, (int)state.SubStatus, state.CorrelationId, state.Name, search, state.Incidents.Count, 1L, Micros(now), Micros(now), finished);
        else
        {
            rows.Guard(new RowGuard("instances", "id", id, "version", version));
            rows.Add(ChangedInstance, id, (int)state.Status, (int)state.SubStatus, state.CorrelationId, state.Name, search, state.Incidents.Count, version + 1, Micros(now), finished);
        }
        if (turn.Journal is [{ Event: VersionChange.Event }, ..])
            rows.Add(MigratedInstance, id, definition.VersionId, definition.Version);
        var bytes = turn.StateBytes ?? state.ToBytes();
        rows.Add(version == 0 ? NewState : ChangedState, id, bytes);
        foreach (var bookmark in turn.Burned)
            rows.Add(BurnedBookmark, id, bookmark.Number);
        foreach (var bookmark in turn.Bookmarked)
            rows.Add(NewBookmark, id, bookmark.Number, bookmark.Name, bookmark.Stimulus, bookmark.DueAt is { } due ? Micros(due) : null);
        foreach (var incident in turn.Incidents)
            rows.Add(Incident, id, incident.Number, incident.ActivityId, incident.NodeId, incident.Message, Micros(incident.At));
        foreach (var request in turn.Effects)
            rows.Add(Effect, id, request.Number, kinds.NameOf(request.Effect), kinds.Write(request.Effect), request.AnswerBookmark, 0, Micros(effectsFrom), null);
        return bytes;
    }

    /// <summary>Adds the journal of that turn, with what people are told of it. A turn of which there is nothing to say leaves no row.</summary>
    public static void WriteJournal(Turn turn, string? told, long version, DateTimeOffset now, RowBatch rows)
    {
        if (turn.Journal.Length > 0 || told is not null)
            rows.Add(Journal, turn.State.InstanceId, version + 1, Micros(now), JournalPack.Pack(turn.Journal, told), told is not null);
    }

    public static long Micros(DateTimeOffset at) => Stored.Micros(at);
}
