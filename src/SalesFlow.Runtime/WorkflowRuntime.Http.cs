using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    private const int FamilyGenerations = 8;
    private static readonly string[] HttpMethods = ["GET", "POST", "PUT", "PATCH", "HEAD", "DELETE", "OPTIONS"];

    /// <summary>
    /// The endpoint that a request means. The more specific path comes first; of equal ones a trigger does, unless the caller has named an instance.
    /// </summary>
    public async Task<HttpLookup> FindHttpEndpointAsync(string method, string path, HttpAim aim, CancellationToken cancel)
    {
        var shapes = RouteTemplate.ShapesOf(path).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stimuli = shapes.ConvertAll(shape => HttpEndpointRules.StimulusOf(method, shape));
        var triggers = await db.Triggers.AsNoTracking().Where(row => row.Name == HttpEndpointRules.EndpointType && stimuli.Contains(row.Stimulus!)).ToListAsync(cancel);
        var trigger = triggers.MinBy(row => stimuli.IndexOf(row.Stimulus!));
        var reach = trigger is null ? stimuli.Count : stimuli.IndexOf(trigger.Stimulus!) + (aim is { Instance: null, CorrelationId: null } ? 0 : 1);
        if (await WaitingAsync(db, stimuli[..reach], aim, cancel) is { } waiting)
            return waiting;
        if (trigger is not null)
            return new HttpLookup.Found(HttpEndpointRules.FromJson(trigger.Tag!), trigger, null, 0);
        return new HttpLookup.Nothing(await OtherMethodsAsync(db, shapes, method, cancel));
    }

    /// <summary>Hands the request to its endpoint. Null when nobody waits there any more; throws <see cref="RefusedException"/> when no other instance may be started now.</summary>
    public async Task<TurnOutcome?> ReceiveAsync(HttpLookup.Found endpoint, HttpRequestReceived request, string? correlationId)
    {
        // Once it has begun, the work goes on although the caller may hang up.
        if (endpoint.Trigger is not { } trigger)
            return await RunAsync(endpoint.Waiting!.Value, (_, _) => new TurnRequest(new Stimulus.Resume(endpoint.Bookmark, request), []), CancellationToken.None) is { Turn.Woke: true } outcome ? outcome : null;
        var definition = await definitions.VersionAsync(trigger.VersionId, CancellationToken.None);
        var start = new Stimulus.Start(new Dictionary<string, object?> { [HttpEndpointRules.RequestInput] = request }, trigger.ActivityId, correlationId);
        return await StartAsync(definition, start, null, CancellationToken.None)
            ?? throw new RefusedException($"'{definition.Name ?? definition.DefinitionId}' cannot be started.", [new Obstacle("activationStrategy",
                $"Its activation strategy is {definition.Activation}, and another instance is running.", "Wait until that one has finished, or cancel it.")]);
    }

    /// <summary>How far an instance has come: at work as long as it, or an instance that it started, has effects to perform.</summary>
    public async Task<HttpProgress> HttpProgressAsync(InstanceId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Instances.AnyAsync(row => row.Id == id.Value && row.SubStatus == (int)WorkflowSubStatus.Faulted, cancel))
            return HttpProgress.Faulted;
        List<long> generation = [id.Value];
        for (var depth = 0; depth < FamilyGenerations && generation.Count > 0; depth++)
        {
            if (await db.Outbox.AnyAsync(row => generation.Contains(row.InstanceId), cancel))
                return HttpProgress.AtWork;
            generation = await db.Children.Where(row => generation.Contains(row.ParentId) && row.Told == 0).Select(row => row.ChildId).ToListAsync(cancel);
        }
        return HttpProgress.Settled;
    }

    private static async Task<IReadOnlyList<string>> OtherMethodsAsync(WorkflowDb db, List<string> shapes, string asked, CancellationToken cancel)
    {
        var known = new List<string>();
        foreach (var method in HttpMethods)
        {
            if (method.Equals(asked, StringComparison.OrdinalIgnoreCase))
                continue;
            var stimuli = shapes.ConvertAll(shape => HttpEndpointRules.StimulusOf(method, shape));
            if (await db.Triggers.AnyAsync(row => row.Name == HttpEndpointRules.EndpointType && stimuli.Contains(row.Stimulus!), cancel)
                || await db.Bookmarks.AnyAsync(row => row.Name == HttpEndpointRules.EndpointType && stimuli.Contains(row.Stimulus!), cancel))
                known.Add(method);
        }
        return known;
    }

    /// <summary>The most specific place where an instance waits for such a request.</summary>
    private async Task<HttpLookup?> WaitingAsync(WorkflowDb db, List<string> stimuli, HttpAim aim, CancellationToken cancel)
    {
        var waiting = db.Bookmarks.AsNoTracking().Where(row => row.Name == HttpEndpointRules.EndpointType);
        if (aim.Instance is { } instance)
            waiting = waiting.Where(row => row.InstanceId == instance.Value);
        if (aim.CorrelationId is { } correlation)
            waiting = waiting.Where(row => db.Instances.Any(one => one.Id == row.InstanceId && one.CorrelationId == correlation));
        BookmarkRow? best = null;
        // Thousands may wait at one address: one of them tells how specific it is, and only more specific ones are looked for then.
        for (var reach = stimuli; reach.Count > 0 && await waiting.FirstOrDefaultAsync(row => reach.Contains(row.Stimulus!), cancel) is { } found; reach = stimuli[..stimuli.IndexOf(found.Stimulus!)])
            best = found;
        if (best is null)
            return null;
        if (await waiting.AnyAsync(row => row.Stimulus == best.Stimulus && row.InstanceId != best.InstanceId, cancel))
            return new HttpLookup.Ambiguous();
        var id = new InstanceId(best.InstanceId);
        return await TagAsync(id, best.Number, cancel) is { } rules ? new HttpLookup.Found(HttpEndpointRules.FromJson(rules), null, id, best.Number) : null;
    }

    /// <summary>The tag of a bookmark, which is in the instance's state; what is remembered of it may be behind what another server has written.</summary>
    private async Task<string?> TagAsync(InstanceId id, int bookmark, CancellationToken cancel)
    {
        while (true)
        {
            var (loaded, fresh) = await LoadAsync(id, cancel);
            if (InstanceState.FromBytes(loaded.State).Bookmarks.Find(one => one.Number == bookmark) is { } found)
                return found.Tag;
            if (fresh)
                return null;
            _cache.Remove(id);
        }
    }
}
