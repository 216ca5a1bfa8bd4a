using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SalesFlow.Sales.Approvals;

/// <summary>
/// JSON of which there is one text for one meaning (RFC 8785): names in the order of their UTF-16 units, no spaces, the shortest escapes, numbers without needless digits. Numbers are decimal and are
/// never written with an exponent.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The one text of a value made of null, booleans, numbers, text, lists, and objects by name; throws <see cref="ArgumentException"/> for anything else.</summary>
    public static string Write(object? value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    /// <summary>SHA-256 of a text in UTF-8, in lower-case hexadecimal digits.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool flag: text.Append(flag ? "true" : "false"); break;
            case string words: Quote(words, text); break;
            case decimal or int or long or short or byte: text.Append(Number(Convert.ToDecimal(value, CultureInfo.InvariantCulture))); break;
            case double or float when Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number: text.Append(Fits(number) ? Number((decimal)number) : number.ToString("R", CultureInfo.InvariantCulture)); break;
            case IReadOnlyDictionary<string, object?> members: Object(members, text); break;
            case System.Collections.IEnumerable list: List(list, text); break;
            default: throw new ArgumentException($"A value of type {value.GetType().Name} has no JSON; expected null, a boolean, a number, text, a list or an object.", nameof(value));
        }
    }

    private static void Object(IReadOnlyDictionary<string, object?> members, StringBuilder text)
    {
        text.Append('{');
        var first = true;
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            Quote(name, first ? text : text.Append(','));
            Write(value, text.Append(':'));
            first = false;
        }
        text.Append('}');
    }

    private static void List(System.Collections.IEnumerable list, StringBuilder text)
    {
        text.Append('[');
        var first = true;
        foreach (var item in list)
        {
            Write(item, first ? text : text.Append(','));
            first = false;
        }
        text.Append(']');
    }

    private static bool Fits(double number) => double.IsFinite(number) && Math.Abs(number) < 1e27;

    // 28 places after the point, none of them needless: 1.50 and 1.5 are one number.
    private static string Number(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture) is var text && text == "-0" ? "0" : text;

    private static void Quote(string words, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in words)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        text.Append('"');
    }
}
