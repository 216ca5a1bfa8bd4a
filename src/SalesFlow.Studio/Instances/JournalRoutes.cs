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
        var (items, sequence, fitting) = (new List<object>(), 0, 0);
        await foreach (var entry in journal.Lines)
        {
            var line = new JournalLine(sequence++, entry);
            if (filter is null || filter.Accepts(entry))
                if (fitting++ >= skip && items.Count < Math.Min(size, LargestPage))
                    items.Add(line.Json(journal.Head));
        }
        return ElsaJson.Page(items, fitting);
    }

    /// <summary>How an activity last began or ended.</summary>
    private static async Task<IResult> LastAsync(string id, string activityId, InstanceQueries instances, CancellationToken cancel)
    {
        if (await instances.JournalAsync(ElsaIds.Instance(id), cancel) is not { } journal)
            return Results.NotFound();
        var (last, sequence) = ((JournalLine?)null, 0);
        await foreach (var entry in journal.Lines)
        {
            var line = new JournalLine(sequence++, entry);
            if (entry.ActivityId == activityId && entry.Event is "Started" or "Completed" or "Faulted")
                last = line;
        }
        return last is null ? Results.NotFound() : ElsaJson.Ok(last.LogRecord(journal.Head));
    }

    private static DateTimeOffset Since(HttpRequest request) => request.Text("updatesSince") is not { } text ? DateTimeOffset.MinValue
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw new ElsaProblemException("updatesSince", $"'{text}' is no time.");

    private sealed record FilteredRequest(JournalFilter? Filter);

    /// <summary>Which lines; absent and empty parts ask for nothing.</summary>
    private sealed record JournalFilter(IReadOnlyList<string>? ActivityIds, IReadOnlyList<string>? ActivityNodeIds, IReadOnlyList<string>? ExcludedActivityTypes, IReadOnlyList<string>? EventNames)
    {
        public bool Accepts(JournalEntry line) => Has(ActivityIds, line.ActivityId) && Has(ActivityNodeIds, line.NodeId) && Has(EventNames, line.Event)
            && (ExcludedActivityTypes is null || !ExcludedActivityTypes.Contains(line.ActivityType));

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
