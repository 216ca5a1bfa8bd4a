using CsCheck;
using SalesFlow.Sales.Approvals;
using Terms = SalesFlow.Sales.Approvals.Terms;

namespace SalesFlow.Sales.Tests.Approvals;

public sealed class TermsTests
{
    [Fact]
    public void The_canonical_text_is_in_order_and_without_needless_digits() =>
        Assert.Equal("""{"amount":1500.5,"currency":"RUB","discount":12.5,"paymentDays":0,"product":"Стеллажи \"А\"\t1"}""",
            Terms.Of(1500.50m, "RUB", new Dictionary<string, object?> { ["product"] = "Стеллажи \"А\"\t1", ["discount"] = "12,50 %" }).Canonical);

    [Theory]
    [InlineData("10", "10.00"), InlineData("10", "10 %"), InlineData("10", "10,0"), InlineData("1 000", "1000")]
    public void One_number_written_in_two_ways_is_one_term(string one, string other) => Assert.Equal(Discount(one).Hash, Discount(other).Hash);

    [Fact]
    public void A_discount_that_is_no_number_counts_as_the_worst() => Assert.Equal(100, Discount("as agreed").Discount);

    [Fact]
    public void Lines_are_compared_by_what_they_say()
    {
        var (one, same, other) = (Lines("Rack; 2; 1500.50"), Lines("Rack ;2;1500,5\r\n"), Lines("Rack; 3; 1500.50"));

        Assert.Equal(one.Hash, same.Hash);
        Assert.Equal(["lines"], other.ChangedSince(one));
    }

    [Fact]
    public void What_was_kept_of_terms_says_the_same_terms() => ApprovalGen.Terms.Sample(terms => Assert.Equal(terms, Terms.Read(terms.Canonical)));

    [Fact]
    public void Hashes_are_equal_for_equal_terms_alone() =>
        Gen.Select(ApprovalGen.Terms, ApprovalGen.Terms).Sample((a, b) => Assert.Equal(a == b, a.Hash == b.Hash));

    [Fact]
    public void Better_one_way_is_worse_the_other_way() => Gen.Select(ApprovalGen.Terms, ApprovalGen.Terms).Sample((a, b) =>
    {
        foreach (var term in TermNames.All)
            Assert.Equal(b.Since(a, term) switch { TermChange.Better => TermChange.Worse, TermChange.Worse => TermChange.Better, var same => same }, a.Since(b, term));
    });

    private static Terms Discount(string text) => Terms.Of(100, "RUB", new Dictionary<string, object?> { ["discount"] = text });

    private static Terms Lines(string text) => Terms.Of(100, "RUB", new Dictionary<string, object?> { ["lines"] = text });
}
