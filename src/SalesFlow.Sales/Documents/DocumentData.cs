using System.Globalization;
using SalesFlow.Engine.Expressions;
using Scriban.Runtime;

namespace SalesFlow.Sales.Documents;

/// <summary>
/// What a document is made of, as JSON: a template reads copies of it and nothing else, so that it can neither change nor explore what is ours, and the same
/// data gives the same document years later.
/// </summary>
public sealed class DocumentData
{
    private readonly Dictionary<string, object?> _values;

    private DocumentData(string json) => (Json, _values) = (json, Engine.Expressions.Json.Parse(json) as Dictionary<string, object?> ?? throw new FormatException("The data of a document is a JSON object."));

    /// <summary>The data as text; the same values give the same text.</summary>
    public string Json { get; }

    /// <summary>Takes a copy of values: scalars, times, lists, and dictionaries with string keys.</summary>
    public static DocumentData Of(IReadOnlyDictionary<string, object?> values) => new(Engine.Expressions.Json.Text(Sorted(values)));

    /// <summary>The data that was kept as text; throws <see cref="FormatException"/> when it is no JSON object.</summary>
    public static DocumentData Read(string json) => new(json);

    /// <summary>The text under a name; empty when there is none.</summary>
    public string Text(string name) => _values.GetValueOrDefault(name) as string ?? "";

    internal IEnumerable<KeyValuePair<string, object?>> ForScript() => _values.Select(value => KeyValuePair.Create(value.Key, Script(value.Value)));

    private static object? Script(object? value) => value switch
    {
        Dictionary<string, object?> members => Object(members),
        List<object?> items => new ScriptArray(items.Select(Script)),
        _ => value,
    };

    private static ScriptObject Object(Dictionary<string, object?> members)
    {
        var copy = new ScriptObject();
        foreach (var (name, value) in members)
            copy.SetValue(name, Script(value), readOnly: false);
        return copy;
    }

    private static object? Sorted(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> members => new SortedDictionary<string, object?>(members.ToDictionary(member => member.Key, member => Sorted(member.Value)), StringComparer.Ordinal),
        DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
        string or null => value,
        System.Collections.IEnumerable items => items.Cast<object?>().Select(Sorted).ToList(),
        _ => value,
    };
}
