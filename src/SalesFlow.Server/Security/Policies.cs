using Microsoft.AspNetCore.Authorization;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Security;

/// <summary>Who may use an endpoint. Every endpoint names one of these; which deals a person sees is decided by the queries.</summary>
public static class Policies
{
    /// <summary>Everybody who works with SalesFlow.</summary>
    public const string SignedIn = "signedIn";
    /// <summary>Those who carry deals: reps, the head of sales, administrators.</summary>
    public const string SellDeals = "sellDeals";
    /// <summary>Those who do tasks: the sellers and the approvers.</summary>
    public const string DoTasks = "doTasks";
    /// <summary>Those who hand tasks to others: the head of sales and administrators.</summary>
    public const string LeadTeam = "leadTeam";
    /// <summary>Those who read the numbers: the head of sales, process owners and administrators.</summary>
    public const string ReadMetrics = "readMetrics";
    /// <summary>Those who draw, publish and watch the process: process owners and administrators.</summary>
    public const string DesignProcess = "designProcess";

    /// <summary>Those who take people in and release them: administrators.</summary>
    public const string ManagePeople = "managePeople";

    /// <summary>Those who carry whole processes between installations: administrators.</summary>
    public const string MoveSets = "moveSets";

    /// <summary>Those who have failed steps tried again: administrators.</summary>
    public const string MendSteps = "mendSteps";

    /// <summary>Those who change stages and templates on the running system: process owners and administrators.</summary>
    public const string ConfigureProcess = "configureProcess";

    /// <summary>Those who read who decides on which terms: the head of sales, process owners and administrators.</summary>
    public const string ReadMatrix = "readMatrix";

    /// <summary>The roles that each policy admits; also what the tests compare the running endpoints with.</summary>
    public static IReadOnlyDictionary<string, string[]> RolesOf { get; } = new Dictionary<string, string[]>
    {
        [SignedIn] = [Roles.Rep, Roles.HeadOfSales, Roles.Approver, Roles.ProcessOwner, Roles.Administrator],
        [SellDeals] = [Roles.Rep, Roles.HeadOfSales, Roles.Administrator],
        [DoTasks] = [Roles.Rep, Roles.HeadOfSales, Roles.Approver, Roles.Administrator],
        [LeadTeam] = [Roles.HeadOfSales, Roles.Administrator],
        [MoveSets] = [Roles.Administrator],
        [ManagePeople] = [Roles.Administrator],
        [MendSteps] = [Roles.Administrator],
        [ReadMetrics] = [Roles.HeadOfSales, Roles.ProcessOwner, Roles.Administrator],
        [ConfigureProcess] = [Roles.ProcessOwner, Roles.Administrator],
        [ReadMatrix] = [Roles.HeadOfSales, Roles.ProcessOwner, Roles.Administrator],
        [DesignProcess] = [Roles.ProcessOwner, Roles.Administrator],
    };

    internal static void AddTo(AuthorizationOptions options)
    {
        foreach (var (name, roles) in RolesOf)
            options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireRole(roles));
        // Also meets the endpoints that routing itself puts in place of ours to answer 405 and 415.
        options.FallbackPolicy = options.GetPolicy(SignedIn)!;
        options.DefaultPolicy = options.GetPolicy(SignedIn)!;
    }
}
