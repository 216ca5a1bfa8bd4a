using SalesFlow.Sales.Deals;
using Xunit;

namespace SalesFlow.Sales.Tests.Deals;

public sealed class LossReasonsTests
{
    [Theory]
    [InlineData("noBudget", "Нет бюджета", "noBudget")]
    [InlineData("noBudget: до весны: точно", "Нет бюджета: до весны: точно", "noBudget")]
    [InlineData("Ушли: к соседям", "Ушли: к соседям", "other")]
    [InlineData("", "", "other")]
    public void A_known_reason_is_said_in_words_and_any_other_as_it_was_written(string kept, string said, string key) =>
        Assert.Equal((said, key), (LossReasons.Say(kept).Ru, LossReasons.KeyOf(kept)));

    [Fact]
    public void Details_stand_behind_the_key() => Assert.Equal(("other: moved away", "other"), (LossReasons.Of("other", " moved away "), LossReasons.Of("other", " ")));
}
