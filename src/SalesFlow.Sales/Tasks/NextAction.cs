namespace SalesFlow.Sales.Tasks;

/// <summary>What is to be done next on a deal.</summary>
public static class NextAction
{
    /// <summary>Of open tasks the one that is due first; those that wait for the client come after all others. Null when there is none.</summary>
    public static T? Of<T>(IEnumerable<T> open, Func<T, bool> waits, Func<T, DateTimeOffset?> due) where T : class =>
        open.OrderBy(waits).ThenBy(task => due(task) ?? DateTimeOffset.MaxValue).FirstOrDefault();
}
