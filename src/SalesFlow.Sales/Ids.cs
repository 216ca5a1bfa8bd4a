using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SalesFlow.Sales;

/// <summary>Id of a deal; the same number as its workflow instance.</summary>
public readonly record struct DealId(long Value) : IComparable<DealId>
{
    /// <summary>Ids of one kind follow the order of their numbers; queries page by it.</summary>
    public static bool operator <(DealId left, DealId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >(DealId left, DealId right) => left.Value > right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator <=(DealId left, DealId right) => left.Value <= right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >=(DealId left, DealId right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(DealId other) => Value.CompareTo(other.Value);

    /// <summary>Reads the decimal form that routes and the wire use; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DealId id)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new DealId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Id of a task of a deal.</summary>
public readonly record struct TaskId(long Value) : IComparable<TaskId>
{
    /// <summary>Ids of one kind follow the order of their numbers; queries page by it.</summary>
    public static bool operator <(TaskId left, TaskId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >(TaskId left, TaskId right) => left.Value > right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator <=(TaskId left, TaskId right) => left.Value <= right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >=(TaskId left, TaskId right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(TaskId other) => Value.CompareTo(other.Value);

    /// <summary>Reads the decimal form that routes and the wire use; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TaskId id)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new TaskId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Id of a client.</summary>
public readonly record struct ClientId(long Value) : IComparable<ClientId>
{
    /// <summary>Ids of one kind follow the order of their numbers; queries page by it.</summary>
    public static bool operator <(ClientId left, ClientId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >(ClientId left, ClientId right) => left.Value > right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator <=(ClientId left, ClientId right) => left.Value <= right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >=(ClientId left, ClientId right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(ClientId other) => Value.CompareTo(other.Value);

    /// <summary>Reads the decimal form that routes and the wire use; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ClientId id)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new ClientId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Id of an issued document.</summary>
public readonly record struct DocumentId(long Value) : IComparable<DocumentId>
{
    /// <summary>Ids of one kind follow the order of their numbers; queries page by it.</summary>
    public static bool operator <(DocumentId left, DocumentId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >(DocumentId left, DocumentId right) => left.Value > right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator <=(DocumentId left, DocumentId right) => left.Value <= right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >=(DocumentId left, DocumentId right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(DocumentId other) => Value.CompareTo(other.Value);

    /// <summary>Reads the decimal form that routes and the wire use; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DocumentId id)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new DocumentId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Id of an approval.</summary>
public readonly record struct ApprovalId(long Value) : IComparable<ApprovalId>
{
    /// <summary>Ids of one kind follow the order of their numbers; queries page by it.</summary>
    public static bool operator <(ApprovalId left, ApprovalId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >(ApprovalId left, ApprovalId right) => left.Value > right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator <=(ApprovalId left, ApprovalId right) => left.Value <= right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >=(ApprovalId left, ApprovalId right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(ApprovalId other) => Value.CompareTo(other.Value);

    /// <summary>Reads the decimal form that routes and the wire use; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ApprovalId id)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new ApprovalId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Id of a person who may sign in; 0 is the engine itself.</summary>
public readonly record struct UserId(long Value) : IComparable<UserId>
{
    /// <summary>Ids of one kind follow the order of their numbers; queries page by it.</summary>
    public static bool operator <(UserId left, UserId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >(UserId left, UserId right) => left.Value > right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator <=(UserId left, UserId right) => left.Value <= right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >=(UserId left, UserId right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(UserId other) => Value.CompareTo(other.Value);

    /// <summary>Reads the decimal form that routes and the wire use; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId id)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new UserId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Id of a meeting of a deal; the deal's id stands in its high bits.</summary>
public readonly record struct MeetingId(long Value) : IComparable<MeetingId>
{
    /// <summary>Ids of one kind follow the order of their numbers; queries page by it.</summary>
    public static bool operator <(MeetingId left, MeetingId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >(MeetingId left, MeetingId right) => left.Value > right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator <=(MeetingId left, MeetingId right) => left.Value <= right.Value;

    /// <inheritdoc cref="op_LessThan" />
    public static bool operator >=(MeetingId left, MeetingId right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(MeetingId other) => Value.CompareTo(other.Value);

    /// <summary>Reads the decimal form that routes and the wire use; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MeetingId id)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new MeetingId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
