using System.Collections.Immutable;
using SalesFlow.Sales.Requests;

namespace SalesFlow.Sales.People;

/// <summary>The roles a person may have; the words of the wire, the tables and the role checks.</summary>
public static class Roles
{
    /// <summary>Carries deals: sees own and unassigned ones.</summary>
    public const string Rep = "rep";
    /// <summary>Leads the reps: sees and changes every deal.</summary>
    public const string HeadOfSales = "headOfSales";
    /// <summary>Decides on terms: sees the deals that hold a task of theirs.</summary>
    public const string Approver = "approver";
    /// <summary>Draws the process: sees every deal, changes none.</summary>
    public const string ProcessOwner = "processOwner";
    /// <summary>Runs the installation: may do everything.</summary>
    public const string Administrator = "administrator";
    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<string> All = [Rep, HeadOfSales, Approver, ProcessOwner, Administrator];
}

/// <summary>Who does something: a person who signed in, a machine with a key, or the engine itself.</summary>
public sealed record Actor(UserId Id, string Name, ImmutableHashSet<string> Roles, string Language)
{
    /// <summary>The repeatable request that is being answered, if it is one: what it does is remembered in the same transaction.</summary>
    public RequestKey? Request { get; init; }

    /// <summary>True when a link in a letter, and no signing in, says who it is.</summary>
    public bool ByLink { get; init; }

    /// <summary>The engine acting on its own, as the process prescribes.</summary>
    public static readonly Actor Engine = new(default, "SalesFlow", [People.Roles.Administrator], "en");

    /// <summary>True when the actor has the role.</summary>
    public bool Is(string role) => Roles.Contains(role);
}
