using System.Collections.Immutable;
using CsCheck;
using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Tests.Documents;

/// <summary>The comparison of two texts by lines.</summary>
public sealed class LineDiffTests
{
    [Fact]
    public void What_went_and_what_came_stand_where_they_belong() =>
        Assert.Equal(["  1 1 a", "- 2 . b", "+ . 2 x", "  3 3 c", "+ . 4 d"], Words(LineDiff.Between("a\nb\nc\n", "a\nx\nc\nd\n")));

    [Fact]
    public void Both_texts_can_be_read_out_of_it() => Gen.Select(Text, Text).Sample((before, after) =>
    {
        var lines = LineDiff.Between(before, after);

        return string.Join('\n', lines.Where(line => line.Mark != DiffMark.Added).Select(line => line.Text)) == before
            && string.Join('\n', lines.Where(line => line.Mark != DiffMark.Removed).Select(line => line.Text)) == after
            && lines.Where(line => line.Before is not null).Select(line => line.Before!.Value).SequenceEqual(Enumerable.Range(1, lines.Count(line => line.Before is not null)))
            && lines.Where(line => line.After is not null).Select(line => line.After!.Value).SequenceEqual(Enumerable.Range(1, lines.Count(line => line.After is not null)));
    });

    [Fact]
    public void Texts_too_long_to_compare_count_as_replaced()
    {
        var lines = LineDiff.Between(string.Join('\n', Enumerable.Range(0, 5_000)), string.Join('\n', Enumerable.Range(10_000, 5_000)));

        Assert.Equal((5_000, 5_000), (lines.Count(line => line.Mark == DiffMark.Removed), lines.Count(line => line.Mark == DiffMark.Added)));
    }

    [Fact]
    public void Far_from_a_difference_lines_are_left_out() =>
        Assert.Equal(["…", "  4 4 4", "- 5 . 5", "  6 5 6", "…"], LineDiff.Near(LineDiff.Between("1\n2\n3\n4\n5\n6\n7\n8", "1\n2\n3\n4\n6\n7\n8"), 1).Select(line => line is null ? "…" : Word(line)));

    private static Gen<string> Text { get; } = Gen.Int[0, 3].Select(i => "abcd".Substring(i, 1)).Array[1, 12].Select(lines => string.Join('\n', lines));

    private static IEnumerable<string> Words(ImmutableArray<DiffLine> lines) => lines.Select(Word);

    private static string Word(DiffLine line) => $"{(line.Mark switch { DiffMark.Added => "+", DiffMark.Removed => "-", _ => " " })} {line.Before?.ToString(null, null) ?? "."} {line.After?.ToString(null, null) ?? "."} {line.Text}";
}
