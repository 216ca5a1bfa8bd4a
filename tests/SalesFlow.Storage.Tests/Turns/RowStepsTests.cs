using CsCheck;
using SalesFlow.Runtime;
using SalesFlow.Storage.Postgres;

namespace SalesFlow.Storage.Tests.Turns;

public sealed class RowStepsTests
{
    private static readonly RowShape NewTask = RowShape.Insert("tasks", ("id", ColumnType.Number), ("text", ColumnType.Words));
    private static readonly RowShape ChangedTask = RowShape.Update("tasks", [("id", ColumnType.Number)], ("text", ColumnType.Words));
    private static readonly RowShape SetTask = RowShape.Upsert("tasks", [("id", ColumnType.Number)], ("text", ColumnType.Words));
    private static readonly RowShape GoneTask = RowShape.Delete("tasks", ("id", ColumnType.Number));
    private static readonly RowShape SetClient = RowShape.Upsert("clients", [("id", ColumnType.Number)], ("text", ColumnType.Words));

    [Fact]
    public void Turns_that_do_alike_become_one_step_a_shape()
    {
        var steps = new RowSteps();
        for (var i = 0L; i < 64; i++)
            steps.Add(Turn((GoneTask, i, null), (NewTask, i + 100, "new"), (SetClient, i, "client")));

        Assert.Equal([GoneTask, NewTask, SetClient], steps.Steps.Select(step => step.Shape));
        Assert.All(steps.Steps, step => Assert.Equal(64, step.Rows.Count));
    }

    [Fact]
    public void A_row_that_one_turn_makes_and_changes_is_made_first()
    {
        var steps = new RowSteps();
        steps.Add(Turn((ChangedTask, 1, "done"), (NewTask, 2, "new")));
        steps.Add(Turn((NewTask, 3, "new"), (ChangedTask, 3, "done")));

        Assert.Equal("done", After(steps)[("tasks", 3)]);
        Assert.Equal([ChangedTask, NewTask, ChangedTask], steps.Steps.Select(step => step.Shape));
    }

    [Fact]
    public void Whatever_turns_do_the_steps_leave_the_same_rows_and_touch_none_twice()
    {
        // Each turn keeps to tasks of its own, as instances do; clients are anybody's.
        var row = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 99], (what, which, text) => (what, which, text));
        row.List[0, 8].List[1, 6].Sample(turns =>
        {
            var steps = new RowSteps();
            var expected = new SortedDictionary<(string, long), string?>();
            for (var i = 0; i < turns.Count; i++)
            {
                var turn = new RowBatch();
                var made = new HashSet<long>();
                foreach (var (what, which, text) in turns[i])
                {
                    var id = i * 10L + which;
                    // A second insert of a row would be refused by the database.
                    var shape = what switch { 0 => made.Add(id) ? NewTask : ChangedTask, 1 => ChangedTask, 2 => SetTask, 3 => GoneTask, _ => SetClient };
                    made.Add(id);
                    object?[] values = shape == GoneTask ? [id] : [shape == SetClient ? which : id, $"{text}"];
                    turn.Add(shape, values);
                    Apply(expected, shape, values);
                }
                steps.Add(turn);
            }

            Assert.All(steps.Steps.Where(step => step.Shape.Keys.Length > 0), step => Assert.Equal(step.Rows.Count, step.Rows.Select(values => values[0]).Distinct().Count()));
            Assert.Equal(expected, After(steps));
        }, iter: 5_000);
    }

    private static RowBatch Turn(params (RowShape Shape, long Id, string? Text)[] rows)
    {
        var turn = new RowBatch();
        foreach (var (shape, id, text) in rows)
            turn.Add(shape, shape.Operation == RowOperation.Delete ? [id] : [id, text]);
        return turn;
    }

    private static SortedDictionary<(string, long), string?> After(RowSteps steps)
    {
        var rows = new SortedDictionary<(string, long), string?>();
        foreach (var step in steps.Steps)
            foreach (var values in step.Rows)
                Apply(rows, step.Shape, values);
        return rows;
    }

    private static void Apply(SortedDictionary<(string, long), string?> rows, RowShape shape, object?[] values)
    {
        var key = (shape.Table, Convert.ToInt64(values[0]));
        if (shape.Operation == RowOperation.Delete)
            rows.Remove(key);
        else if (shape.Operation != RowOperation.Update || rows.ContainsKey(key))
            rows[key] = (string?)values[1];
    }
}
