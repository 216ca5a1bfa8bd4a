using System.Collections;
using System.Globalization;
using Jint.Native;
using Jint.Runtime;

namespace SalesFlow.Engine.Expressions;

/// <summary>The kinds of values that the compiled path of JavaScript knows.</summary>
internal enum PlainKind : byte { Undefined, Null, Boolean, Number, Text, Opaque }

/// <summary>A JavaScript value without an engine. Opaque ones (lists, dictionaries, dates) can only be passed along and asked for members.</summary>
internal readonly struct PlainValue
{
    private PlainValue(PlainKind kind, double number, object? reference) => (Kind, Number, Reference) = (kind, number, reference);

    public PlainKind Kind { get; }
    public double Number { get; }
    public object? Reference { get; }
    public string Text => (string)Reference!;

    public static readonly PlainValue Undefined;
    public static readonly PlainValue Null = new(PlainKind.Null, 0, null);
    public static readonly PlainValue True = new(PlainKind.Boolean, 1, null);
    public static readonly PlainValue False = new(PlainKind.Boolean, 0, null);

    public static PlainValue Of(double number) => new(PlainKind.Number, number, null);
    public static PlainValue Of(string text) => new(PlainKind.Text, 0, text);
    public static PlainValue Of(bool flag) => flag ? True : False;
    public static PlainValue List(object?[] fresh) => new(PlainKind.Opaque, 0, new FreshList(fresh));

    public static PlainValue From(object? value) => value switch
    {
        null => Null,
        string text => Of(text),
        bool flag => Of(flag),
        double number => Of(number),
        int number => Of(number),
        long number => Of(number),
        decimal number => Of((double)number),
        float number => Of(number),
        short number => Of(number),
        _ => new(PlainKind.Opaque, 0, value),
    };

    public bool IsTruthy => Kind switch
    {
        PlainKind.Boolean => Number != 0,
        PlainKind.Number => Number != 0 && !double.IsNaN(Number),
        PlainKind.Text => Text.Length > 0,
        PlainKind.Opaque => true,
        _ => false,
    };

    public double ToNumber() => Kind switch
    {
        PlainKind.Number or PlainKind.Boolean => Number,
        PlainKind.Null => 0,
        PlainKind.Text => TypeConverter.ToNumber(new JsString(Text)),
        _ => double.NaN,
    };

    public string ToText() => Kind switch
    {
        PlainKind.Text => Text,
        PlainKind.Number when Number == Math.Floor(Number) && Math.Abs(Number) < 1e9 => ((long)Number).ToString(CultureInfo.InvariantCulture),
        PlainKind.Number => TypeConverter.ToString(JsNumber.Create(Number)),
        PlainKind.Boolean => Number != 0 ? "true" : "false",
        PlainKind.Null => "null",
        _ => "undefined",
    };

    public bool StrictlyEquals(PlainValue other) => Kind == other.Kind && Kind switch
    {
        PlainKind.Text => string.Equals(Text, other.Text, StringComparison.Ordinal),
        PlainKind.Number or PlainKind.Boolean => Number == other.Number,
        _ => true,
    };

    public bool LooselyEquals(PlainValue other)
    {
        if (Kind == other.Kind)
            return StrictlyEquals(other);
        if (Kind <= PlainKind.Null || other.Kind <= PlainKind.Null)
            return Kind <= PlainKind.Null && other.Kind <= PlainKind.Null;
        return ToNumber() == other.ToNumber();
    }

    /// <summary>A member when it can be known without an engine; false sends the expression to the engine.</summary>
    public bool TryMember(string name, out PlainValue member)
    {
        member = Undefined;
        if (name == "length" && Kind == PlainKind.Text)
            member = Of(Text.Length);
        else if (name == "length" && Reference is IList list and not byte[])
            member = Of(list.Count);
        else if (Reference is IReadOnlyDictionary<string, object?> members && members.TryGetValue(name, out var value))
            member = From(value);
        else
            return false;
        return true;
    }

    /// <summary>The value for the interpreter; false when only the engine can copy it.</summary>
    public bool TryResult(out object? result)
    {
        result = Kind switch
        {
            PlainKind.Number => Number,
            PlainKind.Boolean => Number != 0,
            PlainKind.Text => Reference,
            PlainKind.Opaque => (Reference as FreshList)?.Items,
            _ => null,
        };
        return Kind != PlainKind.Opaque || result is not null;
    }

    /// <summary>A list made by the expression itself, which nobody else holds.</summary>
    private sealed record FreshList(object?[] Items);
}
