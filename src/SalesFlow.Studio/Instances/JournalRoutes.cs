using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>The journal of an instance, line by line.</summary>
internal static class JournalRoutes
{
    private const int LargestPage = 1_000;

    public static void MapJournal(this IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-instances/{id}/journal", (string id, HttpRequest request, InstanceQueries instances, CancellationToken cancel) => PageAsync(id, request, null, instances, cancel));
        api.MapPost("/workflow-instances/{id}/journal", async (string id, HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            await PageAsync(id, request, (await ElsaJson.ReadAsync(request, new FilteredRequest(null), cancel)).Filter, instances, cancel));
        api.MapGet("/workflow-instances/{id}/journal/{activityId}", LastAsync);
        api.MapGet("/workflow-instances/{id}/journal/has-updates", async (string id, HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            await instances.HeadAsync(ElsaIds.Instance(id), cancel) is { } row ? ElsaJson.Ok(row.UpdatedAt >= Since(request)) : Results.NotFound());
    }

    private static async Task<IResult> PageAsync(string id, HttpRequest request, JournalFilter? filter, InstanceQueries instances, CancellationToken cancel)
    {
        if (await instances.JournalAsync(ElsaIds.Instance(id), cancel) is not { } journal)
            return Results.NotFound();
        var (page, size) = (request.PageAsked(), request.Whole("take") ?? request.Whole("pageSize") ?? LargestPage);
        var skip = request.Whole("skip") ?? (int)Math.Min(int.MaxValue, Math.Max(0, page.Page) * (long)Math.Max(0, page.Size ?? 0));
        var wanted = Math.Max(0, Math.Min(size, LargestPage));
        var (items, places) = (new List<object>(), Places(journal.Ledger, filter, skip, wanted, out var total));
        await foreach (var (turn, lines) in instances.LinesAsync(journal.Head.Row, journal.Ledger, turn => places.ContainsKey(turn.Turn), cancel))
        {
            var fitting = places[turn.Turn];
            for (var i = 0; i < lines.Count && items.Count < wanted; i++)
                if ((filter is null || filter.Accepts(lines[i])) && fitting++ >= skip)
                    items.Add(new JournalLine(turn.FirstLine + i, lines[i]).Json(journal.Head));
        }
        return ElsaJson.Page(items, total);
    }

    /// <summary>The turns that have lines of the page, and how many fitting lines come before each; <paramref name="total"/> is how many there are in all.</summary>
    private static Dictionary<long, int> Places(Ledger ledger, JournalFilter? filter, int skip, int take, out int total)
    {
        var places = new Dictionary<long, int>();
        total = 0;
        foreach (var turn in ledger.Read().Turns)
        {
            var fitting = turn.Kinds.Where(kind => filter is null || filter.Accepts(kind.Kind)).Sum(kind => kind.Count);
            if (fitting > 0 && total + fitting > skip && total < skip + (long)take)
                places[turn.Turn] = total;
            total += fitting;
        }
        return places;
    }

    /// <summary>How an activity last began or ended.</summary>
    private static async Task<IResult> LastAsync(string id, string activityId, InstanceQueries instances, CancellationToken cancel)
    {
        if (await instances.JournalAsync(ElsaIds.Instance(id), cancel) is not { } journal)
            return Results.NotFound();
        if (journal.Ledger.Read().Turns.LastOrDefault(turn => turn.Kinds.Any(kind => IsMeant(kind.Kind.ActivityId, kind.Kind.Event))) is not { } last)
            return Results.NotFound();
        await foreach (var (turn, lines) in instances.LinesAsync(journal.Head.Row, journal.Ledger, turn => turn.Turn == last.Turn, cancel))
            for (var i = lines.Count - 1; i >= 0; i--)
                if (IsMeant(lines[i].ActivityId, lines[i].Event))
                    return ElsaJson.Ok(new JournalLine(turn.FirstLine + i, lines[i]).LogRecord(journal.Head));
        return Results.NotFound();

        bool IsMeant(string activity, string happened) => activity == activityId && happened is "Started" or "Completed" or "Faulted";
    }

    private static DateTimeOffset Since(HttpRequest request) => request.Text("updatesSince") is not { } text ? DateTimeOffset.MinValue
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw new ElsaProblemException("updatesSince", $"'{text}' is no time.");

    private sealed record FilteredRequest(JournalFilter? Filter);

    /// <summary>Which lines; absent and empty parts ask for nothing.</summary>
    private sealed record JournalFilter(IReadOnlyList<string>? ActivityIds, IReadOnlyList<string>? ActivityNodeIds, IReadOnlyList<string>? ExcludedActivityTypes, IReadOnlyList<string>? EventNames)
    {
        public bool Accepts(JournalEntry line) => Accepts(line.ActivityId, line.NodeId, line.ActivityType, line.Event);

        public bool Accepts(LineKind kind) => Accepts(kind.ActivityId, kind.NodeId, kind.ActivityType, kind.Event);

        private bool Accepts(string activity, string node, string type, string happened) =>
            Has(ActivityIds, activity) && Has(ActivityNodeIds, node) && Has(EventNames, happened) && (ExcludedActivityTypes is null || !ExcludedActivityTypes.Contains(type));

        private static bool Has(IReadOnlyList<string>? wanted, string value) => wanted is null or { Count: 0 } || wanted.Contains(value);
    }
}

/// <summary>A line of the journal and its place in it.</summary>
internal sealed record JournalLine(int Sequence, JournalEntry Entry)
{
    /// <summary>As the viewer's journal reads it.</summary>
    public object Json(InstanceHead instance)
    {
        var node = instance.NodeOf(Entry.NodeId);
        return new
        {
            id = ElsaIds.Part(instance.Row.Id, Entry.Sequence), activityInstanceId = ElsaIds.Part(instance.Row.Id, Entry.Activation), parentActivityInstanceId = ParentOf(instance),
            Entry.ActivityId, Entry.ActivityType, activityTypeVersion = ExecutionJson.VersionOf(node), activityName = node?.Name, Entry.NodeId, timestamp = Entry.At, Sequence, eventName = Entry.Event,
            Entry.Message, payload = Payload(),
        };
    }

    /// <summary>The same as Elsa stores it.</summary>
    public object LogRecord(InstanceHead instance)
    {
        var (node, row) = (instance.NodeOf(Entry.NodeId), instance.Row);
        return new
        {
            workflowDefinitionId = row.DefinitionId, workflowDefinitionVersionId = row.DefinitionVersionId, workflowInstanceId = instance.Id, workflowVersion = row.DefinitionVersion,
            activityInstanceId = ElsaIds.Part(row.Id, Entry.Activation), parentActivityInstanceId = ParentOf(instance), Entry.ActivityId, Entry.ActivityType, activityTypeVersion = ExecutionJson.VersionOf(node),
            activityName = node?.Name, activityNodeId = Entry.NodeId, timestamp = Entry.At, Sequence, eventName = Entry.Event, Entry.Message, payload = Payload(), id = ElsaIds.Part(row.Id, Entry.Sequence),
        };
    }

    private string? ParentOf(InstanceHead instance) => Entry.Parent == 0 ? null : ElsaIds.Part(instance.Row.Id, Entry.Parent);

    private object? Payload() => Entry.Failure is { } failure
        ? new { exception = failure.Type, failure.Message, source = "SalesFlow.Engine", data = new Dictionary<string, object?>(), innerException = failure.Inner?.Type }
        : Entry.Outcomes is { } outcomes ? new { outcomes } : null;
}
