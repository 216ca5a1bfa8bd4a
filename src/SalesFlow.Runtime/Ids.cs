namespace SalesFlow.Runtime;

/// <summary>Id of a workflow instance, unique in the installation.</summary>
public readonly record struct InstanceId(long Value)
{
    /// <inheritdoc />
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Ids of rows that belong to an instance: its id in the high bits, a number of the instance in the low twenty.</summary>
public static class RowIds
{
    private const int Bits = 20;

    /// <summary>The id of the row that the instance numbered so; the same in every replay.</summary>
    public static long Of(long instanceId, int number) => number is > 0 and < 1 << Bits
        ? instanceId << Bits | (uint)number
        : throw new InvalidOperationException($"Number {number} of instance {instanceId} is not between 1 and {(1 << Bits) - 1:N0}; an instance that has used up its numbers must be started anew.");

    /// <summary>The instance a row belongs to.</summary>
    public static InstanceId InstanceOf(long rowId) => new(rowId >> Bits);
}
