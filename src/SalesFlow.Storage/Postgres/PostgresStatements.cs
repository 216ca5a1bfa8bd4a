using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Postgres;

/// <summary>Statements that write one row or many of a shape. Many go as an array for each column, so that their number does not change the text.</summary>
internal sealed class PostgresStatements
{
    private readonly ConcurrentDictionary<RowShape, string> _one = new();
    private readonly ConcurrentDictionary<RowShape, string> _many = new();

    /// <summary>The command that writes the rows of a step.</summary>
    public NpgsqlBatchCommand Command(RowSteps.Step step)
    {
        var (shape, rows) = (step.Shape, step.Rows);
        var many = rows.Count > 1;
        var command = new NpgsqlBatchCommand(many ? _many.GetOrAdd(shape, Many) : _one.GetOrAdd(shape, shape => shape.Sql(i => $"${i + 1}")));
        if (many && shape.Keys.Length > 0)
            // Two servers that write the same rows take their locks in the same order.
            rows.Sort((a, b) => Compare(a, b, shape.Keys.Length));
        for (var i = 0; i < shape.Keys.Length + shape.Values.Length; i++)
        {
            var (_, type) = i < shape.Keys.Length ? shape.Keys[i] : shape.Values[i - shape.Keys.Length];
            command.Parameters.Add(many ? Column(type, rows, i) : One(type, rows[0][i]));
        }
        return command;
    }

    private static string Many(RowShape shape)
    {
        var columns = shape.Keys.Concat(shape.Values).ToList();
        var names = string.Join(", ", columns.Select(column => column.Name));
        var rows = $"unnest({string.Join(", ", columns.Select((column, i) => $"${i + 1}::{Name(column.Type)}[]"))})";
        var keys = string.Join(" AND ", shape.Keys.Select(key => $"t.{key.Name} = u.{key.Name}"));
        string Set(string from) => string.Join(", ", shape.Values.Select(value => $"{value.Name} = {from}.{value.Name}"));
        return shape.Operation switch
        {
            RowOperation.Update => $"UPDATE {shape.Table} AS t SET {Set("u")} FROM {rows} AS u({names}) WHERE {keys}",
            RowOperation.Delete => $"DELETE FROM {shape.Table} AS t USING {rows} AS u({names}) WHERE {keys}",
            RowOperation.Insert => $"INSERT INTO {shape.Table} ({names}) SELECT * FROM {rows}",
            _ => $"INSERT INTO {shape.Table} ({names}) SELECT * FROM {rows} ON CONFLICT ({string.Join(", ", shape.Keys.Select(key => key.Name))}) DO UPDATE SET {Set("excluded")}",
        };
    }

    private static NpgsqlParameter One(ColumnType type, object? value) => type switch
    {
        ColumnType.Number => new NpgsqlParameter<long?> { TypedValue = Long(value), NpgsqlDbType = NpgsqlDbType.Bigint },
        ColumnType.Count => new NpgsqlParameter<int?> { TypedValue = Int(value), NpgsqlDbType = NpgsqlDbType.Integer },
        ColumnType.Flag => new NpgsqlParameter<bool?> { TypedValue = (bool?)value, NpgsqlDbType = NpgsqlDbType.Boolean },
        ColumnType.Words => new NpgsqlParameter<string?> { TypedValue = (string?)value, NpgsqlDbType = NpgsqlDbType.Text },
        _ => new NpgsqlParameter<byte[]?> { TypedValue = (byte[]?)value, NpgsqlDbType = NpgsqlDbType.Bytea },
    };

    private static NpgsqlParameter Column(ColumnType type, List<object?[]> rows, int i) => type switch
    {
        ColumnType.Number => Array(NpgsqlDbType.Bigint, rows, i, Long),
        ColumnType.Count => Array(NpgsqlDbType.Integer, rows, i, Int),
        ColumnType.Flag => Array(NpgsqlDbType.Boolean, rows, i, value => (bool?)value),
        ColumnType.Words => Array(NpgsqlDbType.Text, rows, i, value => (string?)value),
        _ => Array(NpgsqlDbType.Bytea, rows, i, value => (byte[]?)value),
    };

    private static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType type, List<object?[]> rows, int i, Func<object?, T> convert)
    {
        var values = new T[rows.Count];
        for (var row = 0; row < values.Length; row++)
            values[row] = convert(rows[row][i]);
        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    private static long? Long(object? value) => value switch { null => null, long number => number, int number => number, _ => Convert.ToInt64(value) };

    private static int? Int(object? value) => value switch { null => null, int number => number, long number => checked((int)number), _ => Convert.ToInt32(value) };

    private static int Compare(object?[] one, object?[] other, int keys)
    {
        for (var i = 0; i < keys; i++)
        {
            var order = one[i] is string text ? string.CompareOrdinal(text, other[i] as string) : Nullable.Compare(Long(one[i]), Long(other[i]));
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static string Name(ColumnType type) => type switch
    {
        ColumnType.Number => "bigint",
        ColumnType.Count => "integer",
        ColumnType.Flag => "boolean",
        ColumnType.Words => "text",
        _ => "bytea",
    };
}
