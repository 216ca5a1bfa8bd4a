using System.Collections.Immutable;

namespace SalesFlow.Runtime;

/// <summary>Types of columns that turns write. Times are microseconds, money hundredths, JSON is text: the same in both databases.</summary>
public enum ColumnType
{
    /// <summary>A 64-bit number: ids, times, money.</summary>
    Number,
    /// <summary>A 32-bit number.</summary>
    Count,
    /// <summary>True or false.</summary>
    Flag,
    /// <summary>Text, JSON included.</summary>
    Words,
    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>What a turn does to one table: an operation and its columns. Make each once, as a static; stores keep a prepared statement for it.</summary>
public sealed class RowShape
{
    private RowShape(RowOperation operation, string table, (string Name, ColumnType Type)[] keys, (string Name, ColumnType Type)[] values) =>
        (Operation, Table, Keys, Values) = (operation, table, [.. keys], [.. values]);

    /// <summary>Insert, update, delete, or insert or update.</summary>
    public RowOperation Operation { get; }
    /// <summary>The table.</summary>
    public string Table { get; }
    /// <summary>Columns that find the row; values are given in this order first.</summary>
    public ImmutableArray<(string Name, ColumnType Type)> Keys { get; }
    /// <summary>Columns that are set.</summary>
    public ImmutableArray<(string Name, ColumnType Type)> Values { get; }

    /// <summary>A new row.</summary>
    public static RowShape Insert(string table, params (string, ColumnType)[] columns) => new(RowOperation.Insert, table, [], columns);
    /// <summary>Sets columns of the row with that key.</summary>
    public static RowShape Update(string table, (string, ColumnType)[] key, params (string, ColumnType)[] set) => new(RowOperation.Update, table, key, set);
    /// <summary>Inserts, or sets the columns of the row with that key.</summary>
    public static RowShape Upsert(string table, (string, ColumnType)[] key, params (string, ColumnType)[] set) => new(RowOperation.Upsert, table, key, set);
    /// <summary>Removes the row with that key.</summary>
    public static RowShape Delete(string table, params (string, ColumnType)[] key) => new(RowOperation.Delete, table, key, []);

    /// <summary>The statement, with a parameter per column named $1, $2, ... (SQLite) or @1 by the store's own prefix.</summary>
    public string Sql(Func<int, string> parameter)
    {
        var keys = string.Join(" AND ", Keys.Select((key, i) => $"{key.Name} = {parameter(i)}"));
        var columns = Keys.Concat(Values).ToArray();
        var insert = $"INSERT INTO {Table} ({string.Join(", ", columns.Select(column => column.Name))}) VALUES ({string.Join(", ", columns.Select((_, i) => parameter(i)))})";
        return Operation switch
        {
            RowOperation.Insert => insert,
            RowOperation.Update => $"UPDATE {Table} SET {string.Join(", ", Values.Select((value, i) => $"{value.Name} = {parameter(Keys.Length + i)}"))} WHERE {keys}",
            RowOperation.Delete => $"DELETE FROM {Table} WHERE {keys}",
            _ => $"{insert} ON CONFLICT ({string.Join(", ", Keys.Select(key => key.Name))}) DO UPDATE SET {string.Join(", ", Values.Select(value => $"{value.Name} = excluded.{value.Name}"))}",
        };
    }
}

/// <summary>What is done to a row.</summary>
public enum RowOperation { Insert, Update, Upsert, Delete }

/// <summary>A condition that must hold for a turn to be written: the row has that version still.</summary>
public sealed record RowGuard(string Table, string KeyColumn, long Key, string VersionColumn, long Expected);

/// <summary>The rows of one turn, in the order they are written.</summary>
public sealed class RowBatch
{
    private readonly List<(RowShape Shape, object?[] Values)> _rows = [];
    private readonly List<RowGuard> _guards = [];

    /// <summary>What is written.</summary>
    public IReadOnlyList<(RowShape Shape, object?[] Values)> Rows => _rows;
    /// <summary>What must hold before anything is.</summary>
    public IReadOnlyList<RowGuard> Guards => _guards;

    /// <summary>Writes a row: key columns first, then the others.</summary>
    public void Add(RowShape shape, params object?[] values)
    {
        if (values.Length != shape.Keys.Length + shape.Values.Length)
            throw new ArgumentException($"{shape.Operation} of '{shape.Table}' takes {shape.Keys.Length + shape.Values.Length} values, got {values.Length}.", nameof(values));
        _rows.Add((shape, values));
    }

    /// <summary>Asks for a condition.</summary>
    public void Guard(RowGuard guard) => _guards.Add(guard);
}

/// <summary>Somebody else changed a row first; load it again and decide anew.</summary>
public sealed class ConflictException(RowGuard guard) : Exception($"Row {guard.Key} of '{guard.Table}' no longer has version {guard.Expected}.")
{
    /// <summary>The condition that failed.</summary>
    public RowGuard Guard { get; } = guard;
}
