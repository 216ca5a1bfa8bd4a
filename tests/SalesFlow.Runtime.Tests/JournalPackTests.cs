using System.Text.Json;
using SalesFlow.Engine;

namespace SalesFlow.Runtime.Tests;

public sealed class JournalPackTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 30, 15, 123, TimeSpan.Zero);

    private static readonly JournalEntry Plain = new(7, 3, "call", "Workflow1:flow:call", "SalesFlow.Task", "Started", Monday);
    private static readonly JournalEntry Full = new(8, 4, "позвонить", "Workflow1:flow:позвонить", "SalesFlow.Task", "Faulted", Monday.AddTicks(-1), "Нет \"связи\"\n", ["Done", "Нет"])
    {
        Parent = 3, ScheduledBy = 7, State = new Snapshot("""{"Subject":"Звонок","DueHours":8.5,"Outcomes":[]}"""), Outputs = new Snapshot("""{"Result":null}"""),
        Failure = new Failure("InvalidOperationException", "outer", new Failure("IOException", "inner")),
    };

    [Fact]
    public void What_was_packed_is_read_back_line_by_line() =>
        Assert.Equal(Text([Plain, Full, Plain with { Event = "Completed", At = Monday.AddDays(1) }]), Text(JournalPack.Lines(JournalPack.Pack([Plain, Full, Plain with { Event = "Completed", At = Monday.AddDays(1) }], null))));

    [Fact]
    public void What_is_long_is_kept_short_and_read_back_all_the_same()
    {
        var lines = Enumerable.Range(1, 500).Select(i => Full with { Sequence = i, Message = $"Попытка {i}" }).ToList();
        var packed = JournalPack.Pack(lines, """[{"kind":"told"}]""");
        Assert.True(packed.Length < JsonSerializer.SerializeToUtf8Bytes(lines).Length / 10, $"{packed.Length} bytes");
        Assert.Equal(Text(lines), Text(JournalPack.Lines(packed)));
        Assert.Equal("""[{"kind":"told"}]""", JournalPack.Told(packed));
    }

    [Fact]
    public void A_turn_may_have_lines_and_tell_nothing_or_tell_something_and_have_no_lines()
    {
        Assert.Null(JournalPack.Told(JournalPack.Pack([Plain], null)));
        var told = JournalPack.Pack([], """[{"kind":"commented","data":{"text":"Да"}}]""");
        Assert.Empty(JournalPack.Lines(told));
        Assert.Equal("""[{"kind":"commented","data":{"text":"Да"}}]""", JournalPack.Told(told));
    }

    [Fact]
    public void Threads_pack_at_the_same_time_without_mixing_their_turns() => Parallel.For(0, 200, i =>
    {
        var lines = Enumerable.Range(1, 30).Select(line => Full with { Sequence = line, Message = $"{i}.{line}" }).ToList();
        Assert.Equal(Text(lines), Text(JournalPack.Lines(JournalPack.Pack(lines, null))));
    });

    private static string Text(IEnumerable<JournalEntry> lines) => JsonSerializer.Serialize(lines);
}
