using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Instances;

namespace SalesFlow.Studio.Alterations;

/// <summary>What altering one instance came to.</summary>
internal sealed record AlterationResult(string WorkflowInstanceId, AlterationLog Log, bool WorkflowHasScheduledWork, bool IsSuccessful);

/// <summary>What was done, line by line.</summary>
internal sealed record AlterationLog(IReadOnlyList<AlterationLogEntry> LogEntries);

/// <summary>A line of it; levels are named as .NET names them.</summary>
internal sealed record AlterationLogEntry(string Message, string LogLevel, DateTimeOffset Timestamp);

/// <summary>Mends instances from outside. Each is for itself: one that cannot be mended does not stop the others.</summary>
internal sealed class AlterationCommands(WorkflowRuntime runtime, InstanceQueries queries, InstanceCommands instances, Starter versions, TimeProvider clock)
{
    /// <summary>Does the steps on one instance; neighbouring steps inside it are one turn, all or nothing.</summary>
    public Task<AlterationResult> RunAsync(InstanceId id, IReadOnlyList<AlterationStep> steps, CancellationToken cancel) => AttemptAsync(id, async said =>
    {
        var inside = ImmutableArray.CreateBuilder<Alteration>();
        foreach (var step in steps)
            if (step is AlterationStep.Inside one)
                inside.Add(one.Alteration);
            else
            {
                await InsideAsync(id, inside, said, cancel);
                said.Add(step is AlterationStep.Migrate migrate ? await MigrateAsync(id, migrate.TargetVersion, cancel) : await CancelAsync(id, cancel));
            }
        await InsideAsync(id, inside, said, cancel);
    });

    /// <summary>Runs what is faulted again: everything, or the named activities or executions.</summary>
    public Task<AlterationResult> RetryAsync(InstanceId id, IReadOnlyList<string>? activities, IReadOnlyList<int>? executions, CancellationToken cancel) => AttemptAsync(id, async said =>
    {
        ImmutableArray<Alteration> named = [.. (activities ?? []).Select(activity => new Alteration.Schedule(new Aim(activity))), .. (executions ?? []).Select(execution => new Alteration.Schedule(new Aim(null, execution)))];
        var outcome = named.IsEmpty ? await runtime.RetryAsync(id, null, cancel) : await runtime.AlterAsync(id, named, cancel);
        if (!outcome.Turn.Woke)
            throw new AlterationException("Nothing in the instance is faulted.");
        said.Add("What was faulted was run again.");
        foreach (var incident in outcome.Turn.Incidents)
            said.Add($"Activity '{incident.ActivityId}' faulted again: {incident.Message}");
    });

    private async Task<string> CancelAsync(InstanceId id, CancellationToken cancel) => await instances.CancelAsync(new InstanceFilter { Ids = [id.ToString()] }, cancel) switch
    {
        null => throw new KeyNotFoundException($"There is no instance '{id}'."),
        0 => throw new AlterationException("The instance was over already."),
        _ => "The instance was cancelled.",
    };

    /// <summary>Refused, unlike in Elsa, when the instance stands at an activity that the version does not have: it would wait for ever.</summary>
    private async Task<string> MigrateAsync(InstanceId id, int target, CancellationToken cancel)
    {
        var row = await queries.HeadAsync(id, cancel) ?? throw new KeyNotFoundException($"There is no instance '{id}'.");
        var version = await versions.DefinitionAsync(row.DefinitionId, target.ToString(CultureInfo.InvariantCulture), cancel)
            ?? throw new AlterationException($"Definition '{row.DefinitionId}' has no version {target}.");
        await runtime.FollowVersionAsync(id, version.VersionId, cancel);
        return $"The instance goes on under version {target}.";
    }

    private async Task InsideAsync(InstanceId id, ImmutableArray<Alteration>.Builder steps, List<string> said, CancellationToken cancel)
    {
        if (steps.Count == 0)
            return;
        var outcome = await runtime.AlterAsync(id, steps.ToImmutable(), cancel);
        steps.Clear();
        said.AddRange(outcome.Turn.Journal.Where(line => line.Event == "Altered").Select(line => line.Message ?? ""));
    }

    private async Task<AlterationResult> AttemptAsync(InstanceId id, Func<List<string>, Task> attempt)
    {
        var said = new List<string>();
        string? refusal = null;
        try
        {
            await attempt(said);
        }
        catch (Exception mistake) when (mistake is AlterationException or MisfitException or RefusedException or KeyNotFoundException)
        {
            refusal = mistake.Message;
        }
        return Result(id.ToString(), said, refusal);
    }

    /// <summary>Nothing was done, and why.</summary>
    public AlterationResult Refuse(string instance, string refusal) => Result(instance, [], refusal);

    private AlterationResult Result(string instance, IReadOnlyList<string> said, string? refusal)
    {
        var now = clock.GetUtcNow();
        var entries = said.Select(message => new AlterationLogEntry(message, "Information", now)).ToList();
        if (refusal is not null)
            entries.Add(new AlterationLogEntry(refusal, "Error", now));
        // A turn runs until the instance waits: nothing is left to be scheduled.
        return new(instance, new AlterationLog(entries), WorkflowHasScheduledWork: false, IsSuccessful: refusal is null);
    }
}
