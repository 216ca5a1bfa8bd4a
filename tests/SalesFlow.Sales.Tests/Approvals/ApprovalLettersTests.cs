using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Approvals;

/// <summary>What an approver reads in the letter.</summary>
public sealed class ApprovalLettersTests
{
    [Theory]
    [InlineData("ru", "Сумма: 221 600 ₽ (было $3 000,50, иначе)", "Валюта")]
    [InlineData("en", "Amount: 221,600 ₽ (before $3,000.50, other)", "Currency")]
    public void A_sum_stands_with_its_currency_in_one_line_as_the_language_writes_money(string language, string line, string label)
    {
        var lines = Letter(language, new TermView(TermNames.Amount, TermNames.Label(TermNames.Amount).In(language), 221_600m, null, null, 3_000.5m, "better"),
            new(TermNames.Currency, label, "RUB", null, null, "USD", "other"), new(TermNames.Discount, "%", 12m, 5m, "worse", null, null));

        Assert.Contains(line, lines);
        Assert.DoesNotContain(lines, other => other.StartsWith(label, StringComparison.Ordinal));
        Assert.Contains(lines, other => other.StartsWith("%: 12 (", StringComparison.Ordinal));
    }

    private static string[] Letter(string language, params TermView[] terms)
    {
        var deal = Deal.Blank();
        var task = Task(deal, new UserId(2));
        var approval = new ApprovalView("1", "7", "open", "", "hash", false, 1, Monday, null, terms, []);
        var letter = ApprovalLetters.Of(new(deal, task, approval, null, null), ApprovalLink.Of("k", task, new(2), "hash", Monday), (language, Calendar.Zone), PublicAddress.None);
        return [.. letter.Text.Replace('\u00a0', ' ').Split('\n').Select(line => line.Trim())];
    }
}
