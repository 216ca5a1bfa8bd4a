using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Tasks;

/// <summary>
/// The ids of a deal's tasks: they begin with the deal's (deal &lt;&lt; 20 | number), so the table's own order finds them and a turn has no index of them to write.
/// All are known to the database, so queries may ask them of a column.
/// </summary>
public static class TaskRange
{
    /// <summary>How many ids a deal has.</summary>
    internal const long Size = 1 << 20;

    /// <summary>The id of the deal's workflow instance, which is the same number.</summary>
    public static long Instance(DealId deal) => deal.Value;

    /// <summary>No task of the deal comes before this one.</summary>
    public static TaskId First(DealId deal) => new(deal.Value * Size);

    /// <summary>No task of the deal comes after this one.</summary>
    public static TaskId Last(DealId deal) => new(deal.Value * Size + (Size - 1));
}
