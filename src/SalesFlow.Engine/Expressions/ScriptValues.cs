using System.Collections;
using System.Globalization;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;

namespace SalesFlow.Engine.Expressions;

/// <summary>Values into a script and back: always copies, so that no object of ours can be changed or explored by a script.</summary>
internal static class ScriptValues
{
    private const int MaxDepth = 64;

    public static JsValue Into(Jint.Engine engine, object? value, int depth = 0) => value switch
    {
        null => JsValue.Null,
        JsValue already => already,
        string text => new JsString(text),
        bool flag => flag ? JsBoolean.True : JsBoolean.False,
        double or int or long or decimal or float or short => JsNumber.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        DateTimeOffset time => new JsDate(engine, time),
        DateTime time => new JsDate(engine, time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime()),
        TimeSpan span => engine.Construct(engine.GetValue("TimeSpan"), JsNumber.Create((double)span.Ticks)),
        byte[] bytes => engine.Intrinsics.Uint8Array.Construct(bytes),
        System.Text.Json.JsonElement json => Into(engine, Json.Plain(json), depth),
        _ when depth >= MaxDepth => throw new FaultException($"A value handed to a script is nested deeper than {MaxDepth} levels."),
        _ when Json.Members(value) is { } members => IntoObject(engine, members, depth),
        IEnumerable items => new JsArray(engine, items.Cast<object?>().Select(item => Into(engine, item, depth + 1)).ToArray()),
        _ => new JsString(Conversion.ToText(value)),
    };

    private static JsObject IntoObject(Jint.Engine engine, IEnumerable<KeyValuePair<string, object?>> members, int depth) =>
        JsObject.CreateFromEntries(engine, members.Select(m => KeyValuePair.Create(m.Key, Into(engine, m.Value, depth + 1))));

    public static object? From(JsValue value, int maxText, int depth = 0)
    {
        switch (value)
        {
            case JsString:
                return Within(value.AsString(), maxText);
            case JsNumber:
                return value.AsNumber();
            case JsBoolean:
                return value.AsBoolean();
            case JsDate date:
                return Date(date);
            case JsArray array when depth < MaxDepth:
                return FromArray(array, maxText, depth);
        }
        if (value.IsUint8Array())
            return value.AsUint8Array();
        if (value.IsBigInt())
            return Within(value.ToString(), maxText);
        if (value is not ObjectInstance instance || value.IsCallable())
            return null;
        if (instance.GetOwnProperty(ScriptDotNet.TimeSpanMark) is var mark && mark != PropertyDescriptor.Undefined && !mark.Enumerable)
            return Jint.Runtime.TypeConverter.ToString(instance);
        return depth < MaxDepth ? FromObject(instance, maxText, depth)
            : throw new FaultException($"The value of the script is nested deeper than {MaxDepth} levels, or holds itself.");
    }

    /// <summary>The argument at a position; undefined when fewer were given.</summary>
    public static JsValue At(JsValue[] arguments, int at) => at < arguments.Length ? arguments[at] : JsValue.Undefined;

    private static DateTime? Date(JsDate date)
    {
        try
        {
            return date.ToDateTime();
        }
        catch (Exception error) when (error is Jint.Runtime.JavaScriptException or ArgumentException)
        {
            return null;
        }
    }

    private static object?[] FromArray(JsArray array, int maxText, int depth)
    {
        var items = new object?[array.Length];
        for (var i = 0u; i < items.Length; i++)
            items[i] = From(array.Get(JsNumber.Create(i)), maxText, depth + 1);
        return items;
    }

    private static Dictionary<string, object?> FromObject(ObjectInstance instance, int maxText, int depth)
    {
        var members = new Dictionary<string, object?>();
        foreach (var key in instance.GetOwnPropertyKeys(Jint.Runtime.Types.String))
            if (instance.GetOwnProperty(key).Enumerable && instance.Get(key) is var member && !member.IsCallable())
                members[key.ToString()] = From(member, maxText, depth + 1);
        return members;
    }

    private static string Within(string text, int limit) => text.Length <= limit ? text
        : throw new FaultException($"the text has {text.Length:N0} characters, the limit is {limit:N0}");
}
