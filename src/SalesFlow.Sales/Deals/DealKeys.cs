namespace SalesFlow.Sales.Deals;

/// <summary>
/// The keys of rows that belong to a deal, reckoned from its own: its instance has the same number, and the ids of its tasks begin with it (deal &lt;&lt; 20 | number), so that the order of
/// the tasks' keys finds them and a turn has no index of them to write. The databases know how, so queries may ask these of a column.
/// </summary>
public static class DealKeys
{
    /// <summary>How many ids of tasks a deal has.</summary>
    internal const long TasksADeal = 1 << 20;

    /// <summary>The id of the deal's workflow instance.</summary>
    public static long Instance(DealId deal) => deal.Value;

    /// <summary>No task of the deal comes before this one.</summary>
    public static TaskId FirstTask(DealId deal) => new(deal.Value * TasksADeal);

    /// <summary>No task of the deal comes after this one.</summary>
    public static TaskId LastTask(DealId deal) => new(deal.Value * TasksADeal + (TasksADeal - 1));
}
