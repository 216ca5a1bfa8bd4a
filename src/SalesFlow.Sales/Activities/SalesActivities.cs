using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Activities;

/// <summary>The activity types that the sales domain adds to Elsa's.</summary>
public static class SalesActivities
{
    internal static readonly Text Category = new("Sales", "Продажи");

    /// <summary>All of them, for the catalogue.</summary>
    public static ImmutableArray<Activity> All { get; } =
        [new DealStarted(), new StageActivity(), new TaskActivity(), new DocumentActivity(), new UpdateDeal(), new Gate(), new CloseDeal(), new WorkingDelay(), new Assignments.AssignActivity(), new Meetings.MeetingActivity(), new Notifications.NotifyActivity(), new Approvals.ApprovalActivity()];

    internal static DealFacts Facts(Activation activation) => activation.Facts as DealFacts
        ?? throw new FaultException($"{activation.Node.Type} works for a deal, and this instance has none: start it by creating a deal.");

    /// <summary>True when the picture has a connection that leaves the activity by that outcome.</summary>
    internal static bool Leads(Activation activation, string port) => activation.Parent is { } parent && parent.Node.Json.TryGetProperty("connections", out var list)
        && list.EnumerateArray().Any(connection => connection.TryGetProperty("source", out var source) && source.ValueKind == JsonValueKind.Object
            && source.TryGetProperty("activity", out var from) && from.ToString() == activation.Node.Id && source.TryGetProperty("port", out var name) && name.ToString() == port);

    /// <summary>Hours of an input that is computed from something, as of now; null for one that is written out or missing.</summary>
    internal static double? ComputedHours(Activation activation, string input) => activation.Node.Inputs.TryGetValue(input, out var written) && written.Type is not ("Literal" or "Object")
        ? Conversion.To<double>(activation.Evaluate(written, "Double")) : null;

    /// <summary>Computed hours when they are others than those that the activity remembers, which it does from then on; null when nothing is new.</summary>
    internal static double? NewHours(Activation activation, string input)
    {
        var key = $"{input}Known";
        if (ComputedHours(activation, input) is not { } hours || hours == activation.Recall<double>(key))
            return null;
        activation.Remember(key, hours);
        return hours;
    }

    /// <summary>A member of a bookmark's input, as text.</summary>
    internal static string? Member(object? input, string name) => (input is JsonElement json ? Engine.Expressions.Json.Plain(json) : input) switch
    {
        IReadOnlyDictionary<string, object?> members => Conversion.To<string>(members.GetValueOrDefault(name)),
        IDictionary<string, object?> members when members.TryGetValue(name, out var value) => Conversion.To<string>(value),
        _ => null,
    };

    /// <summary>The version of the definition that runs, from the document at the top.</summary>
    internal static int VersionOf(Activation activation)
    {
        var top = activation;
        while (top.Parent is { } parent)
            top = parent;
        return top.Node.Json.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number ? version.GetInt32() : 1;
    }
}
