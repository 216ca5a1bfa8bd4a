using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace SalesFlow.Engine.Expressions;

/// <summary>
/// Elsa's conversion of values to the type of an input or variable. What cannot be converted silently becomes the type's default, as there;
/// only broken JSON, unknown enum names, and text that is no time span, date or GUID throw. Text is always invariant, so that a turn does not depend on the server's culture.
/// </summary>
public static class Conversion
{
    /// <summary>Converts to a type named by an alias such as Int32, String[] or List&lt;Decimal&gt;; an unknown alias takes anything.</summary>
    public static object? To(object? value, string typeName, bool isArray = false) => To(value, ValueType.Of(typeName, isArray));

    /// <summary>Converts to a type known in C#; default when there is no value.</summary>
    public static T? To<T>(object? value) => value is T fits ? fits : To(value, ValueType.Of(typeof(T))) is T converted ? converted : default;

    internal static object? To(object? value, ValueType target)
    {
        if (value is JsonElement json)
            value = target.Clr == typeof(string) && json.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? json.GetRawText() : Json.Plain(json);
        if (value is null)
            return null;
        if (target is { Clr: var clr, IsJson: false, Element: null } && clr.IsInstanceOfType(value))
            return value;
        if (target.Clr == typeof(string))
            return ToText(value);
        if (value is string text)
            return FromText(text, target);
        if (target.Element is not null)
            return ToList(value, target);
        return target.IsJson ? ToJson(value, target) : ToScalar(value, target);
    }

    /// <summary>Text of a value as inputs and variables see it; lists and dictionaries become JSON.</summary>
    public static string ToText(object value) => value switch
    {
        string text => text,
        byte[] bytes => Convert.ToBase64String(bytes),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "True" : "False",
        IEnumerable => Json.Text(value),
        _ => value.ToString() ?? "",
    };

    private static object? FromText(string text, ValueType target)
    {
        if (text.Length > 0 && text.AsSpan().TrimStart() is ['{' or '[', ..] && !target.Clr.IsPrimitive && !target.Clr.IsEnum)
            return To(ParseJson(text, target), target);
        if (target.Clr == typeof(byte[]))
            return FromBase64(text);
        if (text.Length == 0)
            return null;
        if (target.Element is not null)
            return ListOf(target, new[] { text });
        if (target.IsJson)
            return target.IsTextMap ? null : text;
        if (target.Clr.IsEnum)
            return Enum.TryParse(target.Clr, text, out var named) && Enum.IsDefined(target.Clr, named!) ? named
                : throw new FaultException($"'{text}' is not one of {string.Join(", ", Enum.GetNames(target.Clr))}.");
        return Scalar(text, target) ?? (IsTextual(target.Clr)
            ? throw new FaultException($"Failed to convert an object of type System.String to {target.Clr.FullName}: '{Shorten(text)}' is none.") : target.Default);
    }

    private static object? ParseJson(string text, ValueType target)
    {
        try
        {
            return Json.Parse(text);
        }
        catch (JsonException error)
        {
            throw new FaultException($"Cannot convert text to {target.Clr.Name}: it begins like JSON but is not ({error.Message}). The text is: {Shorten(text)}", inner: error);
        }
    }

    private static object? Scalar(string text, ValueType target)
    {
        var invariant = CultureInfo.InvariantCulture;
        text = text.Trim();
        return Type.GetTypeCode(target.Clr) switch
        {
            TypeCode.Boolean => bool.TryParse(text, out var flag) ? flag : null,
            TypeCode.Int16 => short.TryParse(text, NumberStyles.Integer, invariant, out var n) ? n : null,
            TypeCode.Int32 => int.TryParse(text, NumberStyles.Integer, invariant, out var n) ? n : null,
            TypeCode.Int64 => long.TryParse(text, NumberStyles.Integer, invariant, out var n) ? n : null,
            TypeCode.Single => float.TryParse(text, NumberStyles.Float, invariant, out var n) ? n : null,
            TypeCode.Double => double.TryParse(text, NumberStyles.Float, invariant, out var n) ? n : null,
            TypeCode.Decimal => decimal.TryParse(text, NumberStyles.Float, invariant, out var n) ? n : null,
            TypeCode.DateTime => DateTime.TryParse(text, invariant, DateTimeStyles.RoundtripKind, out var time) ? time : null,
            _ => OtherScalar(text, target.Clr),
        };
    }

    private static object? OtherScalar(string text, Type type)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (type == typeof(Guid))
            return Guid.TryParse(text, out var id) ? id : null;
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        if (type == typeof(TimeSpan))
            return TimeSpan.TryParse(text, invariant, out var span) ? span : null;
        return type == typeof(Uri) && Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var address) ? address : null;
    }

    /// <summary>Types that text must fit: where numbers silently become zero, these fault, as in Elsa.</summary>
    private static bool IsTextual(Type type) => type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(Guid);

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }

    private static object? ToScalar(object value, ValueType target)
    {
        if (target.Clr.IsEnum)
            return value is int or long or double ? Enum.ToObject(target.Clr, Convert.ToInt64(value, CultureInfo.InvariantCulture)) : target.Default;
        switch (value)
        {
            case DateTimeOffset time when target.Clr == typeof(DateTime):
                return time.DateTime;
            case DateTime time when target.Clr == typeof(DateTimeOffset):
                return time.Kind == DateTimeKind.Local ? new DateTimeOffset(time) : new DateTimeOffset(time, TimeSpan.Zero);
            case IConvertible when typeof(IConvertible).IsAssignableFrom(target.Clr):
                return ChangeType(value, target);
            default:
                return target.Default;
        }
    }

    private static object? ChangeType(object value, ValueType target)
    {
        try
        {
            return Convert.ChangeType(value, target.Clr, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or FormatException)
        {
            return target.Default;
        }
    }

    private static object? ToJson(object value, ValueType target)
    {
        if (target.IsTextMap && Json.Members(value) is { } members)
            return members.ToDictionary(m => m.Key, m => (object?)(m.Value is null ? null : ToText(m.Value)));
        return target.IsTextMap ? null : value;
    }

    private static object ToList(object value, ValueType target) =>
        ListOf(target, value is IEnumerable items and not IDictionary && Json.Members(value) is null ? items : new[] { value });

    private static object ListOf(ValueType target, IEnumerable items)
    {
        var converted = new List<object?>();
        foreach (var item in items)
            converted.Add(To(item, target.Element!) ?? target.Element!.Default);
        var array = Array.CreateInstance(target.Element!.Clr, converted.Count);
        for (var i = 0; i < converted.Count; i++)
            array.SetValue(converted[i], i);
        if (target.IsArray)
            return array;
        var list = target.Clr.IsInterface || !typeof(IEnumerable).IsAssignableFrom(target.Clr) ? typeof(List<>).MakeGenericType(target.Element.Clr) : target.Clr;
        return Activator.CreateInstance(list, array)!;
    }

    internal static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "…");
}
