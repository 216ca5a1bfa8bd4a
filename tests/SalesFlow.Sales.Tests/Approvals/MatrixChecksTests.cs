using CsCheck;
using SalesFlow.Sales.Approvals;

namespace SalesFlow.Sales.Tests.Approvals;

public sealed class MatrixChecksTests
{
    [Fact]
    public void A_gap_is_found_exactly_when_trying_every_combination_finds_one() => ApprovalGen.Matrix.Sample(matrix =>
    {
        var gaps = MatrixChecks.Find(matrix).Where(found => found.Kind == "gap").ToList();

        Assert.All(gaps, gap => Assert.Null(matrix.RowFor(gap.Example!)));
        Assert.Equal(ApprovalGen.Grid().Any(terms => matrix.RowFor(terms) is null), gaps.Count > 0);
    }, iter: 200);

    [Fact]
    public void An_overlap_is_found_exactly_for_the_rows_that_some_combination_meets_both() => ApprovalGen.Matrix.Sample(matrix =>
    {
        var found = MatrixChecks.Find(matrix).Where(found => found.Kind == "overlap").ToList();

        Assert.All(found, overlap => Assert.All(overlap.Rows, row => Assert.True(matrix.Rows[row].When.Hold(overlap.Example!))));
        var tried = from second in Enumerable.Range(0, matrix.Rows.Length)
                    from first in Enumerable.Range(0, second)
                    where ApprovalGen.Grid().Any(terms => matrix.Rows[first].When.Hold(terms) && matrix.Rows[second].When.Hold(terms))
                    select (first, second);
        Assert.Equal(tried, found.Select(overlap => (overlap.Rows[0], overlap.Rows[1])));
    }, iter: 200);

    [Fact]
    public void The_shipped_matrix_has_neither_gaps_nor_overlaps()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "workflows", "approvals", "terms.json"));

        var matrix = MatrixText.TryRead(text, out var problem);

        Assert.Null(problem);
        Assert.Empty(MatrixChecks.Find(matrix!));
    }

    [Fact]
    public void A_gap_is_told_with_terms_that_show_it()
    {
        var matrix = new ApprovalMatrix { Rows = [new(new() { Discount = new(null, 10) }, []), new(new() { Discount = new(15, null) }, [])] };

        var gap = Assert.Single(MatrixChecks.Find(matrix));

        Assert.Equal("No row covers, for example: Discount, %: 15. Such deals go to the head of sales.", gap.Words.En);
    }

    [Fact]
    public void What_is_written_reads_back_the_same() => ApprovalGen.Matrix.Sample(matrix =>
        Assert.Equal(MatrixText.Write(matrix), MatrixText.Write(MatrixText.TryRead(MatrixText.Write(matrix), out _)!)));

    [Theory]
    [InlineData("""{"rows":[{"when":{"discount":{"over":5,"upTo":5}},"levels":[]}]}""", "rows[0].when.discount")]
    [InlineData("""{"rows":[{"when":{"discount":{"over":100}},"levels":[]}]}""", "rows[0].when.discount")]
    [InlineData("""{"rows":[{"when":{},"levels":[{"key":"a b","name":{"ru":"A","en":"A"},"who":["role:rep"]}]}]}""", "rows[0].levels[0].key")]
    [InlineData("""{"rows":[{"when":{},"levels":[{"key":"a","name":{"ru":"A","en":"A"},"who":["role:god"]}]}]}""", "rows[0].levels[0].who")]
    [InlineData("""{"rows":[{"when":{},"levels":[{"key":"a","name":{"ru":"A","en":"A"},"who":["role:rep"],"mode":"quorum"}]}]}""", "rows[0].levels[0].quorum")]
    [InlineData("""{"rows":[{"when":{},"levels":[{"key":"a","name":{"ru":"A","en":"A"},"who":["role:rep"],"hours":4}]}]}""", "rows[0].levels[0].hours")]
    [InlineData("""{"rows":[{"when":{},"levels":null}]}""", "rows[0]")]
    [InlineData("""{"rows":[null]}""", "rows[0]")]
    [InlineData("""{"rows":[{"when":{"colour":"red"},"levels":[]}]}""", "colour")]
    [InlineData("[]", "ApprovalMatrix")]
    public void What_makes_no_sense_is_refused_where_it_stands(string text, string where)
    {
        Assert.Null(MatrixText.TryRead(text, out var problem));

        Assert.Contains(where, problem, StringComparison.Ordinal);
    }
}
