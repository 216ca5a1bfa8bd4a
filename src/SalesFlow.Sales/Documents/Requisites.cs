namespace SalesFlow.Sales.Documents;

/// <summary>
/// Check digits of Russian requisites. Sources: ИНН, order of the tax service ММВ-7-6/435 of 29.06.2012; ОГРН and ОГРНИП, order of the ministry of finance 165н of 30.10.2017; account numbers,
/// letter of the Bank of Russia 515 of 08.09.1997 ("Порядок расчёта контрольного ключа"). КПП and БИК have no check digit, only a form. Digits alone are read: no spaces.
/// </summary>
public static class Requisites
{
    private static readonly int[] Inn11 = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8], Inn12 = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], Inn10 = [2, 4, 10, 3, 5, 9, 4, 6, 8], Account = [7, 1, 3];

    /// <summary>A tax number: 10 digits of an organisation (weights 2 4 10 3 5 9 4 6 8 modulo 11 modulo 10) or 12 of a person (two check digits).</summary>
    public static bool IsInn(string? text) => Digits(text) switch
    {
        { Length: 10 } digits => Weighed(digits, Inn10) == digits[9],
        { Length: 12 } digits => Weighed(digits, Inn11) == digits[10] && Weighed(digits, Inn12) == digits[11],
        _ => false,
    };

    /// <summary>A reason code of registration: four digits, two digits or capital Latin letters, three digits.</summary>
    public static bool IsKpp(string? text) => text is { Length: 9 } && text.Where((_, i) => i is < 4 or > 5).All(char.IsAsciiDigit) && text[4..6].All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c));

    /// <summary>A registration number: 13 digits of an organisation (the first twelve modulo 11 modulo 10) or 15 of an entrepreneur (the first fourteen modulo 13 modulo 10).</summary>
    public static bool IsOgrn(string? text) => Digits(text) is { Length: 13 or 15 } digits && Remainder(digits.AsSpan(0, digits.Length - 1), digits.Length - 2) % 10 == digits[^1];

    /// <summary>A bank's code: nine digits, the first two 04 (Russia), or 00 to 03 for those of the treasury.</summary>
    public static bool IsBik(string? text) => Digits(text) is { Length: 9 } digits && digits[0] == 0 && digits[1] <= 4;

    /// <summary>
    /// An account in a bank: 20 digits whose sum with weights 7 1 3, after the three digits that stand for the bank, ends in 0. For an account of a client these are the last three of the
    /// БИК; for one of the bank itself at the Bank of Russia (30101...), a 0 and the fifth and sixth digit of the БИК.
    /// </summary>
    public static bool IsAccount(string? account, string? bik)
    {
        if (Digits(account) is not { Length: 20 } digits || !IsBik(bik))
            return false;
        var bank = account!.StartsWith("30101", StringComparison.Ordinal) ? $"0{bik![4..6]}" : bik![6..];
        return Digits(bank)!.Concat(digits).Select((digit, i) => digit * Account[i % 3]).Sum() % 10 == 0;
    }

    private static int Weighed(int[] digits, int[] weights) => weights.Select((weight, i) => weight * digits[i]).Sum() % 11 % 10;

    private static int Remainder(ReadOnlySpan<int> digits, int modulus)
    {
        var rest = 0L;
        foreach (var digit in digits)
            rest = (rest * 10 + digit) % modulus;
        return (int)rest;
    }

    private static int[]? Digits(string? text) => text is { Length: > 0 and <= 20 } && text.All(char.IsAsciiDigit) ? [.. text.Select(c => c - '0')] : null;
}
