using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Expressions;

/// <summary>
/// Evaluates expressions of every language within the limits. Each expression is parsed once and keeps what it was parsed into;
/// one evaluator serves all threads.
/// </summary>
public sealed class Evaluator(EngineLimits limits)
{
    private readonly ConcurrentBag<ScriptRealm> _realms = [];

    /// <summary>The types of expressions that can be evaluated.</summary>
    public static ImmutableArray<string> Types { get; } = ["Literal", "Object", "Variable", "Input", "JavaScript", "Liquid", "Scriban"];

    /// <summary>The functions that every script finds, whatever its definition.</summary>
    public static IReadOnlyCollection<string> ScriptFunctions => ScriptHost.Names;

    /// <summary>Whether a document may name the type: those that can be evaluated, an old name of Object, and those of the host's languages, which fault.</summary>
    internal static bool Knows(string type) => Types.Contains(type) || type is "Json" or "CSharp" or "Python";

    /// <summary>The limits it holds scripts and templates to.</summary>
    public EngineLimits Limits { get; } = limits;

    /// <summary>The expression's value in a scope, converted to the named type. Throws <see cref="FaultException"/> with a reason for people.</summary>
    public object? Evaluate(Expression expression, Scope scope, string targetType, bool isArray = false)
    {
        var compiled = Compiled(expression);
        return compiled is ConstantExpression constant
            ? constant.To(targetType, isArray)
            : Conversion.To(compiled.Evaluate(scope, this), targetType, isArray);
    }

    /// <summary>What is wrong with an expression before it ever runs: unknown syntax, or a mistake with its line and column.</summary>
    public IEnumerable<Problem> Check(Expression expression, string path) =>
        Compiled(expression).Mistake is { } mistake ? [new Problem(path, mistake, IsError: false)] : [];

    /// <summary>The global names that a script refers to; none in other languages.</summary>
    internal IReadOnlyList<string> GlobalsOf(Expression expression) => Compiled(expression).Globals;

    internal ScriptRealm Rent() => _realms.TryTake(out var realm) ? realm : new ScriptRealm(Limits);

    /// <summary>Keeps an engine for the next script; more than the processors can use at once are dropped.</summary>
    internal void Return(ScriptRealm realm)
    {
        if (_realms.Count < 2 * Environment.ProcessorCount)
            _realms.Add(realm);
        else
            realm.Dispose();
    }

    private CompiledExpression Compiled(Expression expression) =>
        expression.Compiled as CompiledExpression ?? Keep(expression, Compile(expression));

    private static CompiledExpression Keep(Expression expression, CompiledExpression compiled)
    {
        expression.Compiled = compiled;
        return compiled;
    }

    private CompiledExpression Compile(Expression expression) => expression.Type switch
    {
        "Literal" or "Object" or "Json" => new ConstantExpression(Constant(expression.Value)),
        "Variable" => CompileVariable(expression.Value),
        "Input" => CompileInput(expression.Value),
        "JavaScript" when Source(expression).Length <= Limits.ExpressionOutput => JavaScriptExpression.Compile(Source(expression), Limits),
        "Liquid" when Source(expression).Length <= Limits.ExpressionOutput => LiquidExpression.Compile(Source(expression), Limits),
        "Scriban" when Source(expression).Length <= Limits.ExpressionOutput => ScribanExpression.Compile(Source(expression)),
        "CSharp" or "Python" => new BrokenExpression(Activities.HostCode.Disabled(expression.Type)),
        "JavaScript" or "Liquid" or "Scriban" =>
            new BrokenExpression($"A {expression.Type} expression may have {Limits.ExpressionOutput:N0} characters; this one has {Source(expression).Length:N0}."),
        _ => new BrokenExpression($"Could not find a descriptor for expression type \"{expression.Type}\". Known are {string.Join(", ", Types)}."),
    };

    private static string Source(Expression expression) => Constant(expression.Value) is { } source ? Conversion.ToText(source) : "";

    private static object? Constant(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? number : value.GetDouble(),
        JsonValueKind.Object or JsonValueKind.Array => value.GetRawText(),
        _ => Json.Plain(value),
    };

    private static CompiledExpression CompileVariable(JsonElement value)
    {
        var (id, name) = Reference(value);
        return id is null && name is null ? new ConstantExpression(null) : new VariableExpression(id, name);
    }

    private static CompiledExpression CompileInput(JsonElement value)
    {
        var (id, name) = Reference(value);
        return (name ?? id) is { } known ? new InputExpression(known) : new ConstantExpression(null);
    }

    /// <summary>A reference is written as an object, as that object's JSON text, or as a bare name.</summary>
    internal static (string? Id, string? Name) Reference(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return (Member(value, "id"), Member(value, "name"));
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } text)
            return (null, null);
        if (!text.TrimStart().StartsWith('{'))
            return (text, text);
        try
        {
            using var document = JsonDocument.Parse(text);
            return (Member(document.RootElement, "id"), Member(document.RootElement, "name"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? Member(JsonElement value, string name)
    {
        foreach (var member in value.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.String)
                return member.Value.GetString() is { Length: > 0 } text ? text : null;
        return null;
    }
}
