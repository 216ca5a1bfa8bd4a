using System.Collections.Concurrent;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Expressions;

/// <summary>A type named in a definition: a scalar, a list of something, a dictionary, or anything (<see cref="Clr"/> is object).</summary>
internal sealed record ValueType(Type Clr, bool IsNullable = false, ValueType? Element = null, bool IsArray = false, bool IsJson = false, bool IsTextMap = false)
{
    private static readonly ConcurrentDictionary<(string, bool), ValueType> Known = new();
    private static readonly ValueType Anything = new(typeof(object), true);

    private static readonly Dictionary<string, Type> Scalars = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Object"] = typeof(object), ["String"] = typeof(string), ["Boolean"] = typeof(bool), ["Int16"] = typeof(short), ["Int32"] = typeof(int),
        ["Int64"] = typeof(long), ["Long"] = typeof(long), ["Single"] = typeof(float), ["Double"] = typeof(double), ["Decimal"] = typeof(decimal),
        ["Guid"] = typeof(Guid), ["DateTime"] = typeof(DateTime), ["DateTimeOffset"] = typeof(DateTimeOffset), ["TimeSpan"] = typeof(TimeSpan),
        ["ByteArray"] = typeof(byte[]), ["Uri"] = typeof(Uri),
    };

    private static readonly HashSet<string> JsonNames = new(StringComparer.OrdinalIgnoreCase)
        { "JSON", "JsonElement", "JsonNode", "JsonObject", "JsonArray", "JObject", "JArray", "ObjectDictionary", "ObjectMap", "VariablesDictionary" };

    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
        { "List", "HashSet", "Collection", "IEnumerable", "ICollection", "IList", "IReadOnlyCollection", "IReadOnlyList", "ISet" };

    /// <summary>The default of a conversion that failed: zero, false, or nothing.</summary>
    public object? Default => IsNullable || !Clr.IsValueType ? null : Activator.CreateInstance(Clr);

    /// <summary>The type named by an alias; anything at all when the alias is unknown.</summary>
    public static ValueType Of(string name, bool isArray = false) => Known.GetOrAdd((name, isArray), key => Parse(key.Item1, key.Item2));

    /// <summary>The type that activities written in C# ask for.</summary>
    public static ValueType Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Of(inner) with { IsNullable = true };
        if (type.IsArray && type != typeof(byte[]))
            return new(type, true, Of(type.GetElementType()!), true);
        if (type.IsGenericType && Lists.Contains(type.Name.Split('`')[0]))
            return new(type, true, Of(type.GetGenericArguments()[0]));
        return new(type, !type.IsValueType, IsJson: typeof(System.Collections.IDictionary).IsAssignableFrom(type) || type.Name.Contains("Dictionary", StringComparison.Ordinal));
    }

    private static ValueType Parse(string name, bool isArray)
    {
        name = TypeNames.Canonical(name);
        if (isArray)
            return ListOf(Parse(name, false), true);
        if (name.EndsWith("[]", StringComparison.Ordinal))
            return ListOf(Parse(name[..^2], false), true);
        if (name.EndsWith('?'))
            return Parse(name[..^1], false) with { IsNullable = true };
        if (name.EndsWith('>') && name.IndexOf('<', StringComparison.Ordinal) is > 0 and var at && Lists.Contains(name[..at]))
            return ListOf(Parse(name[(at + 1)..^1], false), false);
        if (Scalars.TryGetValue(name, out var scalar))
            return new(scalar, !scalar.IsValueType);
        if (name.Equals("StringDictionary", StringComparison.OrdinalIgnoreCase) || name.Equals("StringMap", StringComparison.OrdinalIgnoreCase))
            return new(typeof(Dictionary<string, object?>), true, IsJson: true, IsTextMap: true);
        return JsonNames.Contains(name) ? new(typeof(object), true, IsJson: true) : Anything;
    }

    private static ValueType ListOf(ValueType element, bool isArray) =>
        new(isArray ? element.Clr.MakeArrayType() : typeof(List<>).MakeGenericType(element.Clr), true, element, isArray);
}
