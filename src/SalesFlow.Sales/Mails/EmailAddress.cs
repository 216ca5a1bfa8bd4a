using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Mails;

/// <summary>An e-mail address that a letter can be sent to: one, without a name, in the plain form that every mail server takes.</summary>
public sealed partial record EmailAddress
{
    private const int Longest = 254, LongestLocalPart = 64;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string value) => Value = value;

    /// <summary>As it is written to mail servers: a domain in national letters has become its ASCII form.</summary>
    public string Value { get; }

    /// <summary>Reads an address; false for anything else. Line breaks, several addresses, quotes and comments are never part of one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        var trimmed = text?.Trim() ?? "";
        var at = trimmed.LastIndexOf('@');
        if (at is < 1 or > LongestLocalPart || !Local().IsMatch(trimmed[..at]) || Ascii(trimmed[(at + 1)..]) is not { } domain || !Domain().IsMatch(domain) || at + 1 + domain.Length > Longest)
            return false;
        address = new($"{trimmed[..at]}@{domain}");
        return true;
    }

    /// <summary>Reads an address, or throws <see cref="ValidationException"/> about that field.</summary>
    public static EmailAddress Parse(string field, string? text, string language) => TryParse(text, out var address) ? address
        : throw new ValidationException(field, Refusal(text).In(language));

    /// <summary>What is said of a text that is no address.</summary>
    internal static Text Refusal(string? text) =>
        new($"'{Shown(text)}' is no e-mail address. Write one such as anna@example.com.", $"«{Shown(text)}» — не адрес почты. Напишите один адрес, например anna@example.com.");

    /// <inheritdoc />
    public override string ToString() => Value;

    private static string? Ascii(string domain)
    {
        try
        {
            return domain.Length is 0 or > Longest ? null : Idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string Shown(string? text) => MailText.OneLine(text ?? "", 80);

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Local();

    [GeneratedRegex(@"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Domain();
}

/// <summary>Texts that go into the head of a letter.</summary>
internal static class MailText
{
    /// <summary>One line without control characters, at most so long: nothing that is typed can begin a header of its own.</summary>
    public static string OneLine(string text, int longest)
    {
        var line = string.Join(' ', new string([.. text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= longest ? line : line[..(char.IsHighSurrogate(line[longest - 2]) ? longest - 2 : longest - 1)] + "…";
    }
}
