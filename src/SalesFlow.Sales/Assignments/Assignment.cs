using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Assignments;

/// <summary>How an owner is picked among those who may.</summary>
public enum Strategy
{
    /// <summary>The next one after the last.</summary>
    RoundRobin,
    /// <summary>The one with the smallest load: open deals, as a share of the capacity where there is one.</summary>
    LeastLoaded,
}

/// <summary>Somebody who could get the deal, as things stand.</summary>
public sealed record Candidate(UserId Id, string Name, bool Present, bool HasSkills, int OpenDeals, int? Capacity);

/// <summary>A candidate with what spoke for or against; <paramref name="Load"/> compares those who were eligible.</summary>
public sealed record ScoredCandidate(string Id, string Name, bool Eligible, Text Why, int OpenDeals, double Load);

/// <summary>Whom it came to, and everybody who was looked at: the answer to "why me".</summary>
public sealed record AssignmentDecision(UserId? Chosen, Text Why, ImmutableArray<ScoredCandidate> Candidates)
{
    /// <summary>Picks one of the candidates; nobody when none is there, fits and has room. <paramref name="last"/> is whom the same step chose before.</summary>
    public static AssignmentDecision Of(Strategy strategy, IEnumerable<Candidate> candidates, UserId? last)
    {
        var all = candidates.OrderBy(candidate => candidate.Id).ToList();
        var eligible = all.Where(candidate => Against(candidate) is null).ToList();
        var chosen = strategy == Strategy.RoundRobin
            ? eligible.Find(candidate => last is { } id && candidate.Id > id) ?? eligible.FirstOrDefault()
            : eligible.OrderBy(Load).ThenBy(candidate => candidate.OpenDeals).ThenBy(candidate => candidate.Id == last).ThenBy(candidate => candidate.Id).FirstOrDefault();
        return new(chosen?.Id, Reason(strategy, chosen, eligible.Count, all.Count),
            [.. all.Select(candidate => new ScoredCandidate(candidate.Id.ToString(), candidate.Name, Against(candidate) is null, Against(candidate) ?? For(candidate), candidate.OpenDeals, Math.Round(Load(candidate), 3)))]);
    }

    // With a capacity the load is its share; without one, a hundred deals count as full, so that both kinds of people can be compared.
    private static double Load(Candidate candidate) => candidate.OpenDeals / (double)(candidate.Capacity ?? 100);

    private static Text? Against(Candidate candidate) => !candidate.Present ? new("is away", "отсутствует")
        : !candidate.HasSkills ? new("lacks what the deal needs", "не подходит по навыкам")
        : candidate.OpenDeals >= candidate.Capacity ? new($"is full: {candidate.OpenDeals} of {candidate.Capacity} deals", $"занят(а) полностью: {candidate.OpenDeals} из {candidate.Capacity} сделок") : null;

    private static Text For(Candidate candidate) => candidate.Capacity is { } capacity
        ? new($"has {candidate.OpenDeals} of {capacity} deals", $"сделок: {candidate.OpenDeals} из {capacity}") : new($"has {candidate.OpenDeals} open deals", $"открытых сделок: {candidate.OpenDeals}");

    private static Text Reason(Strategy strategy, Candidate? chosen, int eligible, int all) => chosen is null
        ? new($"none of {all} people is there, fits and has room", $"из {all} никто не свободен и не подходит")
        : strategy == Strategy.RoundRobin
            ? new($"next in turn among {eligible} of {all}", $"следующий по очереди среди {eligible} из {all}")
            : new($"the smallest load among {eligible} of {all}: {chosen.OpenDeals} open deals", $"наименьшая загрузка среди {eligible} из {all}: открытых сделок — {chosen.OpenDeals}");
}
