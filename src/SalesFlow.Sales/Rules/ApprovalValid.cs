using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.People;
using Terms = SalesFlow.Sales.Approvals.Terms;

namespace SalesFlow.Sales.Rules;

/// <summary>The terms as they are must be approved: by an approval of these terms or one that is kept, or they need none.</summary>
public sealed record ApprovalValid(string Matrix, Text? Message) : RuleAtom(Message)
{
    /// <inheritdoc />
    public override string Kind => "approvalValid";
    /// <inheritdoc />
    public override string Identity => $"{Kind} {Matrix}";
    /// <inheritdoc />
    public override Text DefaultWords => new("The terms as they are must be approved", "Условия в их нынешнем виде должны быть согласованы");
    /// <inheritdoc />
    public override Text Fix => new("Have the terms approved, or return to those that were.", "Согласуйте условия или верните согласованные.");
    /// <inheritdoc />
    public override string DoneBy => Roles.Approver;
    /// <inheritdoc />
    public override bool IsReversible => true;
    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => 8;
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => Holds(moment.Facts, Matrix, Terms.Of(moment.Facts.Deal));

    /// <summary>True when such terms of the deal need nobody's yes any more.</summary>
    internal static bool Holds(Deals.DealFacts facts, string matrix, Terms terms)
    {
        var row = facts.Matrices(matrix)?.Matrix.RowFor(terms);
        if (row is { Levels.IsEmpty: true })
            return true;
        // Not closed with everybody's yes is not approved, whatever single levels have said.
        return facts.Deal.FormerApproval(matrix) is { Complete: true } former && ApprovalDecisions.IsValid(row ?? ApprovalMatrix.Uncovered(""), terms, former);
    }
}
