using System.Collections.Immutable;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Approvals;

/// <summary>What pages and the API read of approvals.</summary>
public sealed class ApprovalQueries(SalesFactsQueries facts, UserQueries users)
{
    /// <summary>The approvals of a deal that the actor may see, the latest first.</summary>
    public async Task<IReadOnlyList<ApprovalView>> OfDealAsync(DealId id, Actor actor, CancellationToken cancel)
    {
        var known = await facts.FindAsync(id, cancel);
        if (known is null || !DealAccess.MaySee(known.Deal, actor))
            throw DealAccess.NotFound(id);
        var people = await users.ByIdAsync(cancel);
        var ordered = known.Deal.Approvals.OrderByDescending(approval => approval.Id).ToList();
        return [.. ordered.Select((approval, index) => View(approval, ordered.ElementAtOrDefault(index + 1), known, people, actor.Language))];
    }

    /// <summary>One approval of a deal, whoever asks.</summary>
    internal async Task<ApprovalView> ViewAsync(Approval approval, DealFacts known, string language, CancellationToken cancel) =>
        View(approval, known.Deal.Approvals.Where(other => other.Id.Value < approval.Id.Value).MaxBy(other => other.Id.Value), known, await users.ByIdAsync(cancel), language);

    private static ApprovalView View(Approval approval, Approval? before, DealFacts facts, ImmutableDictionary<UserId, UserView> people, string language)
    {
        var (terms, earlier) = (approval.Terms, before?.Terms);
        var standard = facts.Matrices(approval.Matrix)?.Matrix.Standard;
        return new(approval.Id.ToString(), approval.DealId.ToString(), approval.Status.ToString().ToLowerInvariant(), ApprovalWords.Status(approval.Status).In(language), approval.TermsHash,
            approval.Status == ApprovalStatus.Approved && ApprovalValid.Holds(facts, approval.Matrix, Terms.Of(facts.Deal)), approval.MatrixVersion, approval.RequestedAt, approval.ClosedAt,
            [.. TermNames.All.Where(term => terms.Value(term) is not null || earlier?.Value(term) is not null).Select(term => View(term, terms, earlier, standard, language))],
            [.. approval.Levels.Select(level => View(level, approval, people, language))]);
    }

    private static TermView View(string term, Terms terms, Terms? before, StandardTerms? standard, string language)
    {
        var usual = Usual(term, standard);
        return new(term, TermNames.Label(term).In(language), terms.Value(term), usual, usual is null ? null : Word(terms.Since(With(terms, term, usual), term)),
            before?.Value(term), before is null ? null : Word(terms.Since(before, term)));
    }

    private static object? Usual(string term, StandardTerms? standard) => term switch
    {
        TermNames.Discount => standard?.Discount, TermNames.Margin => standard?.Margin, TermNames.PaymentDays => standard?.PaymentDays, TermNames.PaymentTerms => standard?.PaymentTerms, _ => null,
    };

    private static Terms With(Terms terms, string term, object usual) => term switch
    {
        TermNames.Discount => terms with { Discount = (decimal)usual },
        TermNames.Margin => terms with { Margin = (decimal)usual },
        TermNames.PaymentDays => terms with { PaymentDays = (decimal)usual },
        _ => terms with { PaymentTerms = (string)usual },
    };

    private static string Word(TermChange change) => change.ToString().ToLowerInvariant();

    private static LevelView View(AskedLevel level, Approval approval, ImmutableDictionary<UserId, UserView> people, string language) => new(level.Level.Key, level.Level.Name.In(language),
        level.Level.Mode.ToString().ToLowerInvariant(), level.Needed, approval.OutcomeOf(level), level.KeptFrom is not null,
        [.. approval.Votes.Where(vote => vote.Level == level.Level.Key).Select(vote => new VoteView(vote.Number, vote.Task.ToString(System.Globalization.CultureInfo.InvariantCulture), Name(vote.Meant, people),
            vote.Role is { } role ? ApprovalWords.Role(role).In(language) : null, Name(vote.By, people), vote.Outcome, vote.Outcome is { } outcome ? ApprovalWords.Outcome(outcome).In(language) : null, vote.Comment,
            vote.AskedAt, vote.DueAt, vote.At, vote.EscalatedAt, vote.EscalatedTo is { } to ? people.Values.FirstOrDefault(person => to == $"user:{person.Name}")?.DisplayName ?? ApprovalWords.Who(to).In(language) : null, vote.ByLink))]);

    private static string? Name(long? id, ImmutableDictionary<UserId, UserView> people) => id is { } known ? DealQueries.NameOf(new UserId(known), people)?.DisplayName : null;
}
