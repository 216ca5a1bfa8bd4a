using System.Collections;

namespace SalesFlow.Engine.Expressions;

/// <summary>What templates read: <c>Variables.X</c>, <c>Input.X</c>, the instance's ids and the facts; only what the text mentions is copied.</summary>
internal static class TemplateModel
{
    private const int MaxDepth = 64;

    public static Dictionary<string, object?> Of(Scope scope, string source)
    {
        var model = new Dictionary<string, object?>
        {
            ["CorrelationId"] = scope.CorrelationId,
            ["WorkflowDefinitionId"] = scope.DefinitionId,
            ["WorkflowDefinitionVersionId"] = scope.VersionId,
            ["WorkflowDefinitionVersion"] = scope.Version,
            ["WorkflowInstanceId"] = scope.InstanceId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["WorkflowInstanceName"] = scope.InstanceName,
        };
        if (source.Contains("Variables", StringComparison.Ordinal))
            model["Variables"] = Named(scope.VariableNames, source, name => scope.GetVariable(name, out _));
        if (source.Contains("Input", StringComparison.Ordinal))
            model["Input"] = Named(scope.InputNames, source, scope.GetInput);
        foreach (var name in scope.Facts.Names)
            if (source.Contains(name, StringComparison.Ordinal))
                model[name] = scope.Facts.Read(name);
        return model;
    }

    /// <summary>Copies a value through <paramref name="members"/> and <paramref name="list"/>, so that no template can change or explore ours.</summary>
    public static object? Copy(object? value, Func<IEnumerable<KeyValuePair<string, object?>>, object> members, Func<IEnumerable<object?>, object> list, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new FaultException($"A value handed to a template is nested deeper than {MaxDepth} levels.");
        if (value is System.Text.Json.JsonElement json)
            value = Json.Plain(json);
        if (value is null or string or bool or double or int or long or decimal or float or short or DateTime or DateTimeOffset)
            return value;
        if (Json.Members(value) is { } pairs)
            return members(pairs.Select(p => KeyValuePair.Create(p.Key, Copy(p.Value, members, list, depth + 1))));
        return value is IEnumerable items and not byte[] ? list(items.Cast<object?>().Select(item => Copy(item, members, list, depth + 1))) : Conversion.ToText(value);
    }

    private static Dictionary<string, object?> Named(IEnumerable<string> names, string source, Func<string, object?> read)
    {
        var values = new Dictionary<string, object?>();
        foreach (var name in names)
            if (source.Contains(name, StringComparison.Ordinal))
                values.TryAdd(name, read(name));
        return values;
    }
}
