using System.Collections.Immutable;

namespace SalesFlow.Sales.Tasks;

/// <summary>
/// What is to be done with several tasks: <paramref name="Action"/> is claim, return, reassign, snooze, wait or goOn. <paramref name="Reason"/> is for return and
/// wait, <paramref name="User"/> (a sign-in name) for reassign, <paramref name="Until"/> for snooze.
/// </summary>
public sealed record BulkRequest(string Action, ImmutableArray<string> Tasks, string? Reason = null, string? User = null, DateTimeOffset? Until = null);

/// <summary>What came of one task; <paramref name="Problem"/> says why it was not done. <paramref name="Undo"/> undoes it, where that is possible.</summary>
public sealed record BulkRow(string Task, string? Title, bool Done, string? Problem, BulkRequest? Undo);
