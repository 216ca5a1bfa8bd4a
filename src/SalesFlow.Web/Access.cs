using SalesFlow.Sales.People;

namespace SalesFlow.Web;

/// <summary>Which roles may open a page, in the form that [Authorize] takes. What they then see is decided by the queries.</summary>
public static class Access
{
    /// <summary>Everybody who works with SalesFlow.</summary>
    public const string SignedIn = $"{Roles.Rep},{Roles.HeadOfSales},{Roles.Approver},{Roles.ProcessOwner},{Roles.Administrator}";
    /// <summary>Those who carry deals.</summary>
    public const string SellDeals = $"{Roles.Rep},{Roles.HeadOfSales},{Roles.Administrator}";
    /// <summary>Those who do tasks and may note something on a deal.</summary>
    public const string DoTasks = $"{Roles.Rep},{Roles.HeadOfSales},{Roles.Approver},{Roles.Administrator}";
    /// <summary>Those who hand deals and tasks to others.</summary>
    public const string LeadTeam = $"{Roles.HeadOfSales},{Roles.Administrator}";
    /// <summary>Those who take people in and release them.</summary>
    public const string ManagePeople = Roles.Administrator;
    /// <summary>Those who carry whole processes between installations.</summary>
    public const string MoveSets = Roles.Administrator;
    /// <summary>Those who have failed steps tried again.</summary>
    public const string MendSteps = Roles.Administrator;
    /// <summary>Those who read the numbers.</summary>
    public const string ReadMetrics = $"{Roles.HeadOfSales},{Roles.ProcessOwner},{Roles.Administrator}";
    /// <summary>Those who draw and publish the process.</summary>
    public const string DesignProcess = $"{Roles.ProcessOwner},{Roles.Administrator}";
    /// <summary>Those who read who decides on which terms.</summary>
    public const string ReadMatrix = $"{Roles.HeadOfSales},{Roles.ProcessOwner},{Roles.Administrator}";
    /// <summary>Those who change stages on the running system.</summary>
    public const string ConfigureProcess = $"{Roles.ProcessOwner},{Roles.Administrator}";
}
