using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>What both databases do with the rows of many turns that come at once.</summary>
public abstract class CommitFacts(Database database) : ServersOnOneDatabase(database)
{
    private static readonly RowShape NewSetting = RowShape.Insert("settings", ("key", ColumnType.Words), ("value", ColumnType.Words));
    private static readonly RowShape ChangedSetting = RowShape.Update("settings", [("key", ColumnType.Words)], ("value", ColumnType.Words));
    protected static readonly RowShape Setting = RowShape.Upsert("settings", [("key", ColumnType.Words)], ("value", ColumnType.Words));
    private static readonly RowShape GoneSetting = RowShape.Delete("settings", ("key", ColumnType.Words));
    private static readonly RowShape NewBookmark = RowShape.Insert("bookmarks", ("instance_id", ColumnType.Number), ("number", ColumnType.Count), ("name", ColumnType.Words), ("stimulus", ColumnType.Words), ("due_at", ColumnType.Number));
    private static readonly RowShape Counter = RowShape.Update("bookmarks", [("instance_id", ColumnType.Number), ("number", ColumnType.Count)], ("due_at", ColumnType.Number));
    private static readonly RowShape Block = RowShape.Insert("id_blocks", ("name", ColumnType.Words), ("next", ColumnType.Number));
    private static readonly RowShape NextBlock = RowShape.Update("id_blocks", [("name", ColumnType.Words)], ("next", ColumnType.Number));

    [Fact]
    public async Task What_one_turn_makes_changes_and_removes_happens_in_that_order()
    {
        var server = Server();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => server.Store.CommitAsync(Rows(
            (NewSetting, [$"kept-{i}", "new"]), (NewSetting, [$"gone-{i}", "new"]), (ChangedSetting, [$"kept-{i}", "changed"]), (GoneSetting, [$"gone-{i}"]), (Setting, [$"kept-{i}", $"set {i}"])))));

        await using var db = server.Open();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"kept-{i}=set {i}").Order(StringComparer.Ordinal), (await db.Settings.ToListAsync()).Select(row => $"{row.Key}={row.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Values_that_are_missing_stay_missing_whoever_shares_the_commit()
    {
        var server = Server();

        await Task.WhenAll(Enumerable.Range(1, 100).Select(i => server.Store.CommitAsync(Rows(
            (NewBookmark, [(long)i, i, "waits", i % 2 == 0 ? null : $"event {i}", i % 3 == 0 ? null : 1_000_000L * i])))));

        await using var db = server.Open();
        Assert.All(await db.Bookmarks.ToListAsync(), row => Assert.Equal(
            (row.InstanceId % 2 == 0 ? null : $"event {row.Number}", row.InstanceId % 3 == 0 ? (DateTimeOffset?)null : DateTimeOffset.UnixEpoch.AddSeconds(row.Number)), (row.Stimulus, row.DueAt)));
        Assert.Equal(100, await db.Bookmarks.CountAsync());
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_takes_its_own_turn_with_it_and_no_other()
    {
        var server = Server();
        await server.Store.CommitAsync(Rows((NewSetting, ["taken", "first"])));

        var written = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i => await Record.ExceptionAsync(() => server.Store.CommitAsync(Rows(
            (NewSetting, [$"{i}", "written"]), (NewSetting, [i is 13 or 77 ? "taken" : $"more-{i}", "written"])))) is null));

        Assert.Equal([13, 77], written.Select((ok, i) => (ok, i)).Where(one => !one.ok).Select(one => one.i));
        await using var db = server.Open();
        Assert.Equal(1 + 98 * 2, await db.Settings.CountAsync());
    }

    [Fact]
    public async Task Of_turns_that_rely_on_the_same_row_the_first_wins_and_the_others_may_decide_anew()
    {
        var (one, other) = (Server(), Server());
        await one.Store.CommitAsync(Rows((NewBookmark, [1L, 1, "counter", null, 0L]), (NewBookmark, [2L, 1, "counter", null, 0L])));

        // Each turn adds one to two rows that all turns of both servers rely on, half of them naming the rows in the other order.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            while (true)
            {
                await using var db = one.Open();
                var at = await db.Bookmarks.OrderBy(row => row.InstanceId).Select(row => row.DueAt).ToListAsync();
                var rows = new RowBatch();
                foreach (var id in i % 2 == 0 ? [1L, 2L] : new[] { 2L, 1L })
                {
                    var was = (at[(int)id - 1]!.Value - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
                    rows.Guard(new RowGuard("bookmarks", "instance_id", id, "due_at", was));
                    rows.Add(Counter, id, 1, was + 1);
                }
                if (await Record.ExceptionAsync(() => (i % 3 == 0 ? one : other).Store.CommitAsync(rows)) is not { } failure)
                    return;
                Assert.IsType<ConflictException>(failure);
            }
        }));

        await using var after = one.Open();
        Assert.All(await after.Bookmarks.ToListAsync(), row => Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(60), row.DueAt));
    }

    [Fact]
    public async Task Servers_that_write_the_same_rows_in_different_orders_do_not_block_each_other()
    {
        var (one, other) = (Server(), Server());
        await one.Store.CommitAsync(Rows([.. Enumerable.Range(0, 20).Select(i => (Block, new object?[] { $"b{i}", 0L }))]));
        var chance = new Random(20);

        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => (i % 2 == 0 ? one : other).Store.CommitAsync(
            Rows((NextBlock, [$"b{chance.Next(20)}", (long)i])))));

        Assert.Equal(400, one.Store.Turns - 1 + other.Store.Turns);
    }

    protected static RowBatch Rows(params (RowShape Shape, object?[] Values)[] rows)
    {
        var batch = new RowBatch();
        foreach (var (shape, values) in rows)
            batch.Add(shape, values);
        return batch;
    }
}

public sealed class CommitsOnSqlite() : CommitFacts(new Database.Sqlite())
{
    [Fact]
    public async Task The_log_of_a_busy_server_does_not_grow_for_ever()
    {
        var server = Server();
        await using var db = server.Open();
        var log = new FileInfo(db.Database.GetDbConnection().DataSource + "-wal");
        var text = new string('x', 200_000);

        // 700 MB in all; eight commits at a time, so that something is always being written while the log is moved into the database.
        await Parallel.ForEachAsync(Enumerable.Range(0, 3500), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await server.Store.CommitAsync(Rows((Setting, [$"{i}", text]))));

        log.Refresh();
        Assert.InRange(log.Length, 1, 450 << 20);
        Assert.Equal(3500, await db.Settings.CountAsync());
    }
}

public sealed class CommitsOnPostgres() : CommitFacts(new Database.Postgres());
