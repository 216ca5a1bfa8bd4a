using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;

namespace SalesFlow.Web.Approvals;

/// <summary>Which changes show on pages about approvals.</summary>
internal static class ApprovalNews
{
    /// <summary>True for a change of an approval itself.</summary>
    public static bool Tells(Change change) => change is ApprovalRequested or ApprovalAsked or ApprovalVoted or ApprovalEscalated or ApprovalClosed;
}
