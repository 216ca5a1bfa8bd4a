using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace SalesFlow.Storage.Sqlite;

/// <summary>
/// A prepared statement, used again and again on one connection. It speaks to SQLite directly: the general command looks its parameters up by name
/// and boxes what it binds, and the general binding copies each text twice, which for the short statements of a turn costs as much as SQLite itself.
/// Not for two threads at once.
/// </summary>
internal sealed partial class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;
    // What texts and bytes are bound from; it stays where it is while SQLite reads it.
    private byte[] _bound = GC.AllocateUninitializedArray<byte>(4096, pinned: true);
    private int _used;

    /// <summary>Prepares it; parameters are numbered from ?1.</summary>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(sqlite3_prepare_v3(_database, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
        _handle = _statement.DangerousGetHandle();
    }

    /// <summary>Runs it for its effect.</summary>
    public void Run()
    {
        var result = Step(_handle);
        _ = Reset(_handle);
        Check(result);
    }

    /// <summary>Runs it with a value for each parameter.</summary>
    public void Run(object?[] values)
    {
        MakeRoom(values);
        for (var i = 0; i < values.Length; i++)
            Check(Bind(i + 1, values[i]));
        Run();
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public long? Number(long key)
    {
        Check(BindNumber(_handle, 1, key));
        var result = Step(_handle);
        long? number = result == SQLITE_ROW && sqlite3_column_type(_statement, 0) == SQLITE_INTEGER ? sqlite3_column_int64(_statement, 0) : null;
        _ = Reset(_handle);
        Check(result);
        return number;
    }

    /// <inheritdoc />
    public void Dispose() => _statement.Dispose();

    private void MakeRoom(object?[] values)
    {
        _used = 0;
        var needed = 0;
        foreach (var value in values)
            needed += value switch { string text => Encoding.UTF8.GetMaxByteCount(text.Length), byte[] bytes => bytes.Length, _ => 0 };
        if (needed > _bound.Length)
            _bound = GC.AllocateUninitializedArray<byte>(needed * 2, pinned: true);
    }

    private int Bind(int at, object? value)
    {
        switch (value)
        {
            case null:
                return BindNull(_handle, at);
            case long number:
                return BindNumber(_handle, at, number);
            case int number:
                return BindNumber(_handle, at, number);
            case bool flag:
                return BindNumber(_handle, at, flag ? 1 : 0);
            case string text:
                var length = Encoding.UTF8.GetBytes(text, _bound.AsSpan(_used));
                return BindText(_handle, at, Take(length), length, 0);
            case byte[] bytes:
                bytes.CopyTo(_bound.AsSpan(_used));
                return BindBytes(_handle, at, Take(bytes.Length), bytes.Length, 0);
            default:
                throw new ArgumentException($"A column takes numbers, texts, bytes or true and false; got {value.GetType()}.");
        }
    }

    /// <summary>Where the next bytes of the buffer are, which are then taken. An empty text has an address too: without one SQLite would bind a null.</summary>
    private nint Take(int length)
    {
        var place = Marshal.UnsafeAddrOfPinnedArrayElement(_bound, 0) + _used;
        _used += length;
        return place;
    }

    private void Check(int result)
    {
        if (result is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, _database);
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_step")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int Step(nint statement);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_reset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int Reset(nint statement);

    // Binding takes some nanoseconds and waits for nothing.
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_bind_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static partial int BindNumber(nint statement, int at, long number);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_bind_null")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static partial int BindNull(nint statement, int at);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_bind_text")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static partial int BindText(nint statement, int at, nint text, int bytes, nint released);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_bind_blob")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static partial int BindBytes(nint statement, int at, nint value, int bytes, nint released);
}
