using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SalesFlow.Sales;

/// <summary>Id of a deal; the same number as its workflow instance.</summary>
public readonly record struct DealId(long Value)
{
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
public readonly record struct TaskId(long Value)
{
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
public readonly record struct ClientId(long Value)
{
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
public readonly record struct DocumentId(long Value)
{
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

/// <summary>Id of a person who may sign in; 0 is the engine itself.</summary>
public readonly record struct UserId(long Value)
{
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

