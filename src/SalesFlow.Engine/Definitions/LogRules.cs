using System.Text.Json;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Definitions;

/// <summary>Whether the journal keeps the values of inputs and outputs; Elsa's LogPersistenceMode. Inherit asks the next wider scope.</summary>
public enum LogPersistence { Inherit, Include, Exclude }

/// <summary>A mode, or an expression that names one.</summary>
internal sealed record LogRule(LogPersistence Mode, Expression? Expression = null)
{
    public static readonly LogRule Inherit = new(LogPersistence.Inherit);

    /// <summary>An expression that fails keeps the value out: the rule is there to hide something.</summary>
    public LogPersistence In(Evaluator evaluator, Scope scope)
    {
        if (Expression is null)
            return Mode;
        try
        {
            return Named(Conversion.To<string>(evaluator.Evaluate(Expression, scope, "String"))) ?? LogPersistence.Exclude;
        }
        catch (FaultException)
        {
            return LogPersistence.Exclude;
        }
    }

    /// <summary>{evaluationMode, strategyType, expression}, or the name of a mode as old documents have it.</summary>
    public static LogRule? Read(JsonElement? json) => json is not { } rule ? null
        : rule.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Named(rule.ToString()) is { } mode ? new(mode) : null
        : rule.Text("evaluationMode") == "Expression" || rule.Member("evaluationMode") is { ValueKind: JsonValueKind.Number } number && number.GetRawText() == "1"
            ? rule.Member("expression") is { } expression && DefinitionCompiler.Wrapped(expression) is { } compiled ? new(LogPersistence.Inherit, compiled) : null
            : Named(rule.Text("strategyType")) is { } strategy ? new(strategy) : null;

    /// <summary>By name, number, or the name of a strategy's type. "Configuration" leaves it to the host.</summary>
    private static LogPersistence? Named(string? name) => name?.Split(',')[0].Split('.')[^1].Trim() switch
    {
        "Inherit" or "Configuration" or "0" => LogPersistence.Inherit,
        "Include" or "1" => LogPersistence.Include,
        "Exclude" or "2" => LogPersistence.Exclude,
        _ => null,
    };
}

/// <summary>What a definition or an activity says of the journal: for everything, and for single inputs and outputs.</summary>
internal sealed class LogRules
{
    private readonly LogRule _default;
    private readonly LogRules? _wider;
    private readonly Dictionary<string, LogRule> _inputs, _outputs;
    private readonly HashSet<string> _secrets;

    private LogRules(JsonElement? config, JsonElement? mode, IEnumerable<string> secrets, LogRules? wider)
    {
        _default = LogRule.Read(config?.Member("default")) ?? LogRule.Read(mode is { ValueKind: JsonValueKind.Object } ? mode.Value.Member("default") : mode) ?? LogRule.Inherit;
        _inputs = Single(config, mode, "inputs");
        _outputs = Single(config, mode, "outputs");
        _secrets = [.. secrets];
        _wider = wider;
    }

    private bool SaysNothing => _default == LogRule.Inherit && _inputs.Count + _outputs.Count + _secrets.Count == 0;

    /// <summary>The rules in <c>customProperties</c> (<c>logPersistenceConfig</c>, before that <c>logPersistenceMode</c>); those of the wider scope when there are none.</summary>
    public static LogRules? Read(JsonElement? customProperties, IEnumerable<string> secrets, LogRules? wider)
    {
        var rules = new LogRules(customProperties?.Member("logPersistenceConfig"), customProperties?.Member("logPersistenceMode"), secrets, wider);
        return rules.SaysNothing ? wider : rules;
    }

    public bool KeepsInput(string name, LogPersistence host, Evaluator evaluator, Scope scope) => !_secrets.Contains(name) && Keeps(_inputs, name, host, evaluator, scope);

    public bool KeepsOutput(string name, LogPersistence host, Evaluator evaluator, Scope scope) => Keeps(_outputs, name, host, evaluator, scope);

    private bool Keeps(Dictionary<string, LogRule> single, string name, LogPersistence host, Evaluator evaluator, Scope scope)
    {
        if (single.TryGetValue(name, out var rule) && rule.In(evaluator, scope) is not LogPersistence.Inherit and var chosen)
            return chosen == LogPersistence.Include;
        for (var rules = this; rules is not null; rules = rules._wider)
            if (rules._default.In(evaluator, scope) is not LogPersistence.Inherit and var mode)
                return mode == LogPersistence.Include;
        return host != LogPersistence.Exclude;
    }

    private static Dictionary<string, LogRule> Single(JsonElement? config, JsonElement? mode, string member)
    {
        var rules = new Dictionary<string, LogRule>(StringComparer.OrdinalIgnoreCase);
        foreach (var source in new[] { mode, config })
            if (source?.Member(member) is { ValueKind: JsonValueKind.Object } named)
                foreach (var one in named.EnumerateObject())
                    if (LogRule.Read(one.Value) is { } rule)
                        rules[one.Name] = rule;
        return rules;
    }
}
