using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SalesFlow.Sales.Meetings;

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
