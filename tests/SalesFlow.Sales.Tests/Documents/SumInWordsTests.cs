using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Tests.Documents;

public sealed class SumInWordsTests
{
    [Theory]
    [InlineData("0", "Ноль рублей 00 копеек")]
    [InlineData("1.01", "Один рубль 01 копейка")]
    [InlineData("2.02", "Два рубля 02 копейки")]
    [InlineData("11.11", "Одиннадцать рублей 11 копеек")]
    [InlineData("21.5", "Двадцать один рубль 50 копеек")]
    [InlineData("1000", "Одна тысяча рублей 00 копеек")]
    [InlineData("2002.22", "Две тысячи два рубля 22 копейки")]
    [InlineData("1345678.99", "Один миллион триста сорок пять тысяч шестьсот семьдесят восемь рублей 99 копеек")]
    [InlineData("0.995", "Один рубль 00 копеек")]
    public void Russian_endings_follow_the_number(string sum, string words) => Assert.Equal(words, SumInWords.Of(decimal.Parse(sum, System.Globalization.CultureInfo.InvariantCulture), "RUB", "ru"));

    [Theory]
    [InlineData("1", "RUB", "One rouble 00 kopecks")]
    [InlineData("121.01", "USD", "One hundred and twenty-one US dollars 01 cent")]
    [InlineData("5", "CNY", "Five CNY 00")]
    public void English_sums_name_their_currency_and_an_unknown_one_keeps_its_code(string sum, string currency, string words) =>
        Assert.Equal(words, SumInWords.Of(decimal.Parse(sum, System.Globalization.CultureInfo.InvariantCulture), currency, "en"));

    [Theory]
    [InlineData("offer", "ru", "КП-2026-000017")]
    [InlineData("offer", "en", "OFFER-2026-000017")]
    [InlineData("contract", "ru", "ДОГ-2026-000017")]
    [InlineData("act", "ru", "ACT-2026-000017")]
    public void A_number_says_the_kind_the_year_and_its_place(string kind, string language, string number) => Assert.Equal(number, DocumentNumber.Of(kind, 2026, 17, language));
}
