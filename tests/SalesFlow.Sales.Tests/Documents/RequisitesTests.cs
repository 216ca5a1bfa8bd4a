using CsCheck;
using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Tests.Documents;

/// <summary>Check digits by their published algorithms: known numbers pass, and one wrong digit is found as often as the algorithm can.</summary>
public sealed class RequisitesTests
{
    [Theory]
    [InlineData("7707083893", true)]
    [InlineData("7736050003", true)]
    [InlineData("500100732259", true)]
    [InlineData("7707083894", false)]
    [InlineData("500100732258", false)]
    [InlineData("770708389", false)]
    [InlineData("7707 83893", false)]
    [InlineData("٧٧٠٧٠٨٣٨٩٣", false)]
    [InlineData(null, false)]
    public void A_tax_number(string? inn, bool expected) => Assert.Equal(expected, Requisites.IsInn(inn));

    [Theory]
    [InlineData("1027700132195", true)]
    [InlineData("1027700132196", false)]
    [InlineData("304500116000157", true)]
    [InlineData("304500116000158", false)]
    [InlineData("102770013219", false)]
    public void A_registration_number(string ogrn, bool expected) => Assert.Equal(expected, Requisites.IsOgrn(ogrn));

    [Theory]
    [InlineData("773601001", true)]
    [InlineData("7736AB001", true)]
    [InlineData("7736ab001", false)]
    [InlineData("77360100", false)]
    [InlineData("A73601001", false)]
    public void A_reason_code(string kpp, bool expected) => Assert.Equal(expected, Requisites.IsKpp(kpp));

    [Theory]
    [InlineData("044525225", true)]
    [InlineData("144525225", false)]
    [InlineData("04452522", false)]
    public void A_code_of_a_bank(string bik, bool expected) => Assert.Equal(expected, Requisites.IsBik(bik));

    [Theory]
    [InlineData("30101810400000000225", "044525225", true)]
    [InlineData("30101810400000000226", "044525225", false)]
    [InlineData("30101810400000000225", "944525225", false)]
    [InlineData("3010181040000000022", "044525225", false)]
    public void An_account(string account, string bik, bool expected) => Assert.Equal(expected, Requisites.IsAccount(account, bik));

    [Fact]
    public void Of_all_last_digits_of_an_organisations_number_exactly_one_is_right() => Digits(9).Sample(digits => LastDigits(digits).Count(Requisites.IsInn) == 1);

    [Fact]
    public void Of_all_last_pairs_of_a_persons_number_exactly_one_is_right() =>
        Digits(10).Sample(digits => Enumerable.Range(0, 100).Count(pair => Requisites.IsInn($"{digits}{pair:00}")) == 1);

    [Fact]
    public void Of_all_last_digits_of_a_registration_number_exactly_one_is_right() =>
        Digits(12).Sample(digits => LastDigits(digits).Count(Requisites.IsOgrn) == 1);

    [Fact]
    public void A_wrong_digit_of_an_account_is_always_found() => Gen.Select(Digits(17), Gen.Int[0, 19], Gen.Int[1, 9]).Sample((digits, at, by) =>
    {
        var account = LastDigits($"40{digits}").First(one => Requisites.IsAccount(one, "044525225"));
        var wrong = account.ToCharArray();
        wrong[at] = (char)('0' + (wrong[at] - '0' + by) % 10);
        return !Requisites.IsAccount(new string(wrong), "044525225");
    });

    private static Gen<string> Digits(int count) => Gen.Int[0, 9].Array[count].Select(digits => string.Concat(digits));

    private static IEnumerable<string> LastDigits(string digits) => Enumerable.Range(0, 10).Select(last => $"{digits}{last}");
}
