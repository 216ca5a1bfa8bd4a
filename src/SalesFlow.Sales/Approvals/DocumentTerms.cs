using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Approvals;

/// <summary>Whether a document says the terms that were approved.</summary>
internal static class DocumentTerms
{
    /// <summary>The terms that a document was made of; null for one of which that was not kept.</summary>
    public static Terms? Of(string making)
    {
        if (DocumentMaking.Read(making) is not { } made || JsonDocument.Parse(made.Data.Json) is not { } data)
            return null;
        using (data)
            return data.RootElement.TryGetProperty("deal", out var deal) && Engine.Expressions.Json.Plain(deal) is IReadOnlyDictionary<string, object?> values
                ? Terms.Of(Convert.ToDecimal(values.GetValueOrDefault("amount") ?? 0, CultureInfo.InvariantCulture), values.GetValueOrDefault("currency") as string ?? "",
                    values.GetValueOrDefault("fields") as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>())
                : null;
    }

    /// <summary>
    /// Why a document with these terms must not go out; null when it may. Before anything was approved, and once the deal has gone back to before the approval, no terms bind it.
    /// </summary>
    public static RefusedException? Refusal(DealFacts facts, string number, Terms? terms, string language)
    {
        if (terms is null || facts.Deal.Approvals.FindLast(approval => approval.Status == ApprovalStatus.Approved && Binds(approval, facts.Deal)) is not { } approved || ApprovalValid.Holds(facts, approved.Matrix, terms))
            return null;
        var changed = terms.ChangedSince(approved.Terms);
        var message = new Text($"{number} says other terms than those that were approved: {string.Join(", ", changed.Select(term => TermNames.Label(term).En))}.",
            $"В документе {number} не те условия, что были согласованы: {string.Join(", ", changed.Select(term => TermNames.Label(term).Ru))}.").In(language);
        return new(message, [new("termsNotApproved", message, new Text("Have the terms approved, or issue the document anew with those that were.", "Согласуйте условия или выпустите документ заново с согласованными.").In(language),
            new Text("The owner of the deal", "Ответственный за сделку").In(language), $"/deals/{facts.Deal.Id}#approvals")]);
    }

    private static bool Binds(Approval approval, Deal deal) => deal.Visits.FindLast(visit => visit.EnteredAt <= approval.RequestedAt) is not { } visit || !(approval.RequestedAt < deal.CountsFrom(visit.StageKey));
}
