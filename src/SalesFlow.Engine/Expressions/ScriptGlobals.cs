using System.Text.RegularExpressions;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Interop;

namespace SalesFlow.Engine.Expressions;

/// <summary>The globals that one script asks for by name: accessor functions, facts and <c>variables</c>. Others are not built.</summary>
internal sealed partial class ScriptGlobals
{
    private readonly string[] _names;
    private readonly string[] _variables;
    private readonly bool _hasVariables;

    /// <summary>The names that are neither functions of the host nor <c>variables</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    public ScriptGlobals(string source, IEnumerable<string> referenced)
    {
        _names = [.. referenced.Where(name => !ScriptHost.Names.Contains(name) && name != "variables")];
        _hasVariables = referenced.Contains("variables");
        _variables = _hasVariables ? [.. VariableNames().Matches(source).Select(m => m.Groups[1].Value).Distinct()] : [];
    }

    /// <summary>The variables object and what it held before the script ran; nothing when the script does not name it.</summary>
    internal sealed record Copies(JsObject Object, Dictionary<string, (JsValue Js, object? Value)> Before);

    public Copies? Install(Jint.Engine engine, Scope scope)
    {
        foreach (var name in _names)
            if (Global(engine, scope, name) is { } value)
                engine.SetValue(name, value);
        if (!_hasVariables)
            return null;
        var copies = new Copies(new JsObject(engine), []);
        foreach (var name in _variables)
            if (scope.GetVariable(name, out var found) is var value && found)
            {
                var copy = ScriptValues.Into(engine, value);
                copies.Before[name] = (copy, value);
                copies.Object.Set(name, copy);
            }
        engine.SetValue("variables", copies.Object);
        return copies;
    }

    /// <summary>Writes changed properties to their variables. Null is ignored, as in Elsa; new names become dynamic variables.</summary>
    public static void WriteBack(Copies? copies, Scope scope, int maxText)
    {
        if (copies is null)
            return;
        foreach (var key in copies.Object.GetOwnPropertyKeys(Jint.Runtime.Types.String))
        {
            var after = copies.Object.Get(key);
            if (after.IsNull() || after.IsUndefined() || after.IsCallable())
                continue;
            var known = copies.Before.TryGetValue(key.ToString(), out var before);
            if (known && after.IsPrimitive() && after.Equals(before.Js))
                continue;
            var value = ScriptValues.From(after, maxText);
            if (!known || after.IsPrimitive() || !ReferenceEquals(after, before.Js) || Json.Text(value) != Json.Text(ScriptValues.From(ScriptValues.Into(copies.Object.Engine, before.Value), maxText)))
                scope.SetVariable(key.ToString(), value);
        }
    }

    private static JsValue? Global(Jint.Engine engine, Scope scope, string name)
    {
        if (scope.Facts.Names.Contains(name))
            return ScriptValues.Into(engine, scope.Facts.Read(name));
        if (Accessors.Subject(name, "get") is { } read)
            return Getter(engine, scope, name, read);
        if (Accessors.Subject(name, "set") is { } written && Accessors.Variable(scope, written) is { } target)
            return Function(engine, name, arguments => scope.SetVariable(target, ScriptValues.From(ScriptValues.At(arguments, 0), int.MaxValue)));
        return scope.AcceptsOutcomes && name is "setOutcome" or "setOutcomes" ? Function(engine, name, arguments => SetOutcomes(scope, ScriptValues.At(arguments, 0))) : null;
    }

    private static ClrFunction? Getter(Jint.Engine engine, Scope scope, string name, string subject)
    {
        if (Accessors.Variable(scope, subject) is { } variable)
            return new(engine, name, (_, _) => ScriptValues.Into(engine, scope.GetVariable(variable, out var _)));
        if (Accessors.Input(scope, subject) is { } input)
            return new(engine, name, (_, _) => ScriptValues.Into(engine, scope.GetInput(input)));
        var from = subject.LastIndexOf("From", StringComparison.Ordinal);
        if (from <= 0 || from + 4 >= subject.Length)
            return null;
        return new(engine, name, (_, _) => ScriptValues.Into(engine, scope.GetOutput(subject[(from + 4)..], subject[..from])));
    }

    private static ClrFunction Function(Jint.Engine engine, string name, Action<JsValue[]> act) => new(engine, name, (_, arguments) =>
    {
        act(arguments);
        return JsValue.Undefined;
    });

    private static void SetOutcomes(Scope scope, JsValue value) => scope.SetOutcomes(value is JsArray list
        ? [.. list.Select(item => item.ToString())]
        : value.IsNull() || value.IsUndefined() ? [] : [value.ToString()]);

    [GeneratedRegex(@"\bvariables\s*\.\s*([\p{L}_$][\p{L}\p{Nd}_$]*)")]
    private static partial Regex VariableNames();
}
