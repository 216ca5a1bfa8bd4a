using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace SalesFlow.Sales.Sets;

/// <summary>
/// A process with everything it needs, to be carried from one installation to another: definitions (with the forms and rules in them) by id, templates by name as in
/// <c>offer.ru</c>, calendars by key.
/// </summary>
public sealed record SalesSet(ImmutableSortedSet<string> Pipelines, ImmutableSortedDictionary<string, JsonObject> Definitions,
    ImmutableSortedDictionary<string, string> Templates, ImmutableSortedDictionary<string, string> Calendars)
{
    /// <summary>Approval matrices by key.</summary>
    public ImmutableSortedDictionary<string, string> Matrices { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The name of a definition's file in the archive.</summary>
    public static string DefinitionFile(string id) => $"definitions/{Uri.EscapeDataString(id)}.json";

    /// <summary>The name of a template's file.</summary>
    public static string TemplateFile(string name) => $"templates/{name}.scriban";

    /// <summary>The name of a calendar's file.</summary>
    public static string CalendarFile(string key) => $"calendars/{key}.json";

    /// <summary>The name of an approval matrix's file.</summary>
    public static string MatrixFile(string key) => $"approvals/{key}.json";
}

/// <summary>What an import does to one thing.</summary>
public enum SetAction
{
    /// <summary>It was not here.</summary>
    Added,
    /// <summary>It says something else than what is here.</summary>
    Changed,
    /// <summary>It is here as it is in the set.</summary>
    Left,
}

/// <summary>One thing of a set: its file in the archive, how people call it, what is done to it, and the differences in sentences.</summary>
public sealed record SetItem(string File, string Name, SetAction Action, ImmutableArray<string> Changes);

/// <summary>What an import did, or would do.</summary>
/// <param name="DryRun">True when nothing was done.</param>
/// <param name="Items">Everything in the set.</param>
/// <param name="Consumers">Definitions outside the set that follow a changed one because it says so.</param>
/// <param name="Warnings">What deserves a look.</param>
public sealed record SetOutcome(bool DryRun, ImmutableArray<SetItem> Items, ImmutableArray<string> Consumers, ImmutableArray<string> Warnings);
