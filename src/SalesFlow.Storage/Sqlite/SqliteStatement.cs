using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace SalesFlow.Storage.Sqlite;

/// <summary>
/// A prepared statement, used again and again on one connection. It speaks to SQLite directly: the general command looks its parameters up by name
/// and boxes what it binds, which for the short statements of a turn costs as much as SQLite itself.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares it; parameters are numbered from ?1.</summary>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(sqlite3_prepare_v3(_database, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Runs it for its effect.</summary>
    public void Run()
    {
        var result = sqlite3_step(_statement);
        sqlite3_reset(_statement);
        Check(result);
    }

    /// <summary>Runs it with a value for each parameter.</summary>
    public void Run(object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
            Bind(i + 1, values[i]);
        Run();
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public long? Number(long key)
    {
        Bind(1, key);
        var result = sqlite3_step(_statement);
        long? number = result == SQLITE_ROW && sqlite3_column_type(_statement, 0) == SQLITE_INTEGER ? sqlite3_column_int64(_statement, 0) : null;
        sqlite3_reset(_statement);
        Check(result);
        return number;
    }

    /// <inheritdoc />
    public void Dispose() => _statement.Dispose();

    private void Bind(int at, object? value) => Check(value switch
    {
        null => sqlite3_bind_null(_statement, at),
        long number => sqlite3_bind_int64(_statement, at, number),
        int number => sqlite3_bind_int64(_statement, at, number),
        string text => sqlite3_bind_text(_statement, at, text),
        byte[] bytes => sqlite3_bind_blob(_statement, at, bytes),
        bool flag => sqlite3_bind_int(_statement, at, flag ? 1 : 0),
        _ => throw new ArgumentException($"A column takes numbers, texts, bytes or true and false; got {value.GetType()}."),
    });

    private void Check(int result)
    {
        if (result is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, _database);
    }
}
