using System.Collections.Immutable;
using CsCheck;
using SalesFlow.Sales.Approvals;

namespace SalesFlow.Sales.Tests.Approvals;

public sealed class ApprovalDecisionsTests
{
    private static readonly ApprovalRow ByDiscount = new(new() { Discount = new(null, 20) }, [Level("sales"), Level("finance")]);
    private static readonly Terms Agreed = new() { Amount = 1000, Currency = "RUB", Discount = 10, PaymentDays = 14 };

    [Fact]
    public void Unchanged_terms_keep_everything() => Gen.Select(ApprovalGen.Row, ApprovalGen.Terms).Sample((row, terms) =>
        Assert.True(ApprovalDecisions.IsValid(row, terms, Given(row, terms))));

    [Fact]
    public void Terms_that_are_better_for_us_in_everything_keep_it_in_whatever_row_they_come_to_lie() =>
        Gen.Select(ApprovalGen.Row, ApprovalGen.Row, ApprovalGen.Terms, Gen.Int[0, 2].Array[4]).Sample((first, second, before, by) =>
        {
            var now = before with { Amount = before.Amount + by[0], Discount = Math.Max(0, before.Discount - by[1]), PaymentDays = Math.Max(0, before.PaymentDays - by[2]), Margin = before.Margin + by[3] };

            Assert.Empty(ApprovalDecisions.Needed(second, now, Given(first, before)));
        });

    [Fact]
    public void A_yes_is_kept_exactly_when_nothing_it_depends_on_has_changed_or_everything_is_no_worse() =>
        Gen.Select(ApprovalGen.Row, ApprovalGen.Terms, ApprovalGen.Terms).Sample((row, before, now) =>
        {
            var former = Given(row, before) with { Complete = false };
            var named = TermNames.Conditions.Where(row.When.Names).ToList();

            foreach (var level in ApprovalDecisions.Needed(row, now, former))
            {
                var touched = TermNames.All.Where(term => !Equals(before.Value(term), now.Value(term))).Any(term => named.Count == 0 || named.Contains(term) || !TermNames.Conditions.Contains(term));
                Assert.Equal(!touched || now.IsNoWorseThan(before), level.Kept is not null);
            }
        }, iter: 500);

    [Fact]
    public void A_term_that_the_row_does_not_name_reopens_nothing() =>
        Assert.True(ApprovalDecisions.IsValid(ByDiscount, Agreed with { Amount = 900 }, Given(ByDiscount, Agreed)));

    [Fact]
    public void A_worse_term_that_the_row_names_reopens_its_levels() =>
        Assert.All(ApprovalDecisions.Needed(ByDiscount, Agreed with { Discount = 11 }, Given(ByDiscount, Agreed)), level => Assert.Null(level.Kept));

    [Fact]
    public void A_level_that_is_new_is_asked_and_the_others_keep_their_yes()
    {
        var more = new ApprovalRow(new() { Amount = new(null, 950) }, [Level("sales"), Level("board")]);
        var former = new FormerApproval(true, Agreed, [new("sales", Agreed, ["paymentDays"], 1)]);

        var needed = ApprovalDecisions.Needed(more with { When = new() { PaymentDays = new(null, 30) } }, Agreed with { Amount = 900 }, former);

        Assert.Equal([true, false], needed.Select(level => level.Kept is not null));
    }

    [Fact]
    public void The_payment_terms_in_words_have_been_seen_by_everybody() =>
        Assert.False(ApprovalDecisions.IsValid(ByDiscount, Agreed with { PaymentTerms = "in a year" }, Given(ByDiscount, Agreed)));

    [Fact]
    public void Small_steps_do_not_add_up_to_a_kept_yes()
    {
        var row = new ApprovalRow(new() { Discount = new(null, 20) }, [Level("sales")]);
        var (better, back) = (Agreed with { Discount = 5 }, Agreed with { Discount = 12 });
        var kept = ApprovalDecisions.Needed(row, better, Given(row, Agreed) with { Complete = false }).Single().Kept!;

        var again = ApprovalDecisions.Needed(row, back, new(false, better, [kept]));

        Assert.Null(again.Single().Kept);
    }

    [Fact]
    public void Without_an_earlier_approval_every_level_is_asked_and_a_row_without_levels_asks_nobody()
    {
        Assert.Equal(["sales", "finance"], ApprovalDecisions.Needed(ByDiscount, Agreed, null).Where(level => level.Kept is null).Select(level => level.Level.Key));
        Assert.True(ApprovalDecisions.IsValid(new(new(), []), Agreed, null));
    }

    private static ApprovalLevel Level(string key) => new(key, new(key, key), ["role:approver"]);

    private static FormerApproval Given(ApprovalRow row, Terms terms) => new(true, terms, [.. row.Levels.Select(level => new GivenYes(level.Key, terms, row.DependsOn, 1))]);
}
