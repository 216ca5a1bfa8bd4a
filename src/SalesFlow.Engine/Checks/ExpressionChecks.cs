using System.Collections.Frozen;
using System.Text.RegularExpressions;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Checks;

/// <summary>Names in expressions that nothing answers to, where they can be seen: variables, inputs, and the globals of scripts.</summary>
internal sealed partial class ExpressionChecks(WorkflowDefinition definition, IReadOnlyCollection<string>? facts)
{
    private static readonly FrozenSet<string> OfLanguage = BuiltIn();
    private static readonly string[] OfLoops = ["CurrentValue", "CurrentIndex", "ChildInstanceId"];

    private readonly Evaluator _evaluator = new(new EngineLimits());
    /// <summary>What scripts and SetVariable make on the way.</summary>
    private readonly HashSet<string> _made = [.. definition.Nodes.Values.SelectMany(Made)];
    private readonly HashSet<string> _inputs = [.. definition.Inputs.Select(input => input.Name)];

    public IEnumerable<Finding> Find()
    {
        foreach (var node in DefinitionChecks.Own(definition))
        {
            var declared = Declared(node);
            if (node.Activity is SetVariable && VariableOf(node) is { Count: > 0 } set && !set.Exists(declared.Contains))
                yield return Finding.Warning("undeclaredVariable", node, "variable", new(
                    $"The variable '{set[^1]}' is declared nowhere: what is set here is forgotten at the next wait.", $"Переменная «{set[^1]}» нигде не объявлена: значение забудется при первом же ожидании."));
            declared.UnionWith(_made);
            foreach (var (name, expression) in Expressions(node))
                foreach (var finding in Of(node, name, expression, declared))
                    yield return finding;
        }
    }

    /// <summary>The expressions of a node: its wrapped inputs, and the conditions of a switch.</summary>
    private static IEnumerable<(string Name, Expression Expression)> Expressions(Node node) =>
        node.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input => (DefinitionCompiler.Camel(input.Key), node.Activity is RunJavaScript && input.Key == "Script" ? (Expression)(node.Plan ?? input.Value) : input.Value))
            .Concat((node.Plan as List<Case> ?? []).SelectMany((one, index) => one.Condition is { } condition ? new[] { ($"cases[{index}].condition", condition) } : []));

    private IEnumerable<Finding> Of(Node node, string at, Expression expression, HashSet<string> variables)
    {
        switch (expression.Type)
        {
            case "Variable" when Evaluator.Reference(expression.Value) is var (id, name) && (id ?? name) is not null && !(id is not null && variables.Contains(id)) && !(name is not null && variables.Contains(name)):
                return [Unknown(node, at, new("variable", "переменной"), name ?? id!, variables)];
            case "Input" when Evaluator.Reference(expression.Value) is var (id, name) && (name ?? id) is { } input && !_inputs.Contains(input):
                return [Unknown(node, at, new("input", "входа"), input, _inputs)];
            case "Liquid" or "Scriban":
                return OfTemplate(node, at, Conversion.ToText(Json.Plain(expression.Value) ?? ""), variables);
            case "JavaScript":
                return OfScript(node, at, expression, Conversion.ToText(Json.Plain(expression.Value) ?? ""), variables);
            default:
                return [];
        }
    }

    private IEnumerable<Finding> OfTemplate(Node node, string at, string source, HashSet<string> variables) =>
        [.. Named(VariableOfTemplate(), source).Where(name => !variables.Contains(name)).Select(name => Unknown(node, at, new("variable", "переменной"), name, variables)),
         .. Named(InputOfTemplate(), source).Where(name => !_inputs.Contains(name)).Select(name => Unknown(node, at, new("input", "входа"), name, _inputs))];

    private IEnumerable<Finding> OfScript(Node node, string at, Expression expression, string source, HashSet<string> variables)
    {
        foreach (var name in Named(VariableOfScript(), source).Concat(Named(GetVariable(), source)).Distinct())
            if (!variables.Contains(name))
                yield return Unknown(node, at, new("variable", "переменной"), name, variables);
        foreach (var name in Named(GetInput(), source))
            if (!_inputs.Contains(name))
                yield return Unknown(node, at, new("input", "входа"), name, _inputs);
        foreach (var name in _evaluator.GlobalsOf(expression))
            if (!IsKnown(name, variables))
                yield return Finding.Warning("unknownName", node, at, new($"The script names '{name}', which is nothing here.", $"Скрипт обращается к «{name}», а такого имени здесь нет."));
    }

    private bool IsKnown(string name, HashSet<string> variables)
    {
        if (facts is null || facts.Contains(name) || OfLanguage.Contains(name) || ScriptHost.Names.Contains(name) || name is "variables" or "args" or "setOutcome" or "setOutcomes")
            return true;
        var subject = Accessors.Subject(name, "get") ?? Accessors.Subject(name, "set");
        return subject is not null && (subject.Contains("From", StringComparison.Ordinal) || variables.Concat(_inputs).Any(known => Accessors.IsPascalOf(subject, known)));
    }

    private static Finding Unknown(Node node, string at, Text kind, string name, HashSet<string> known)
    {
        var list = known.Order(StringComparer.Ordinal).Take(10).ToList();
        return Finding.Warning(kind.En == "input" ? "unknownInput" : "unknownVariable", node, at, new(
            $"There is no {kind.En} '{name}' here. {(list.Count == 0 ? "There is none at all." : $"There are: {string.Join(", ", list)}.")}",
            $"Здесь нет {kind.Ru} «{name}». {(list.Count == 0 ? "Нет ни одной." : $"Есть: {string.Join(", ", list)}.")}"));
    }

    /// <summary>Names and ids of the variables that all that encloses a node declares.</summary>
    private HashSet<string> Declared(Node node)
    {
        var names = new HashSet<string>();
        foreach (var enclosing in Enclosing(node))
        {
            foreach (var variable in enclosing.Variables)
                names.UnionWith([variable.Id, variable.Name]);
            if (enclosing.Activity is Loop or BulkDispatchWorkflows)
                names.UnionWith(OfLoops);
        }
        return names;
    }

    private IEnumerable<Node> Enclosing(Node node)
    {
        for (var id = node.NodeId; id.Length > 0; id = id.LastIndexOf(':') is > 0 and var at ? id[..at] : "")
            if (definition.Nodes.TryGetValue(id, out var enclosing))
                yield return enclosing;
    }

    private static IEnumerable<string> Made(Node node)
    {
        foreach (var name in VariableOf(node))
            yield return name;
        foreach (var (_, expression) in Expressions(node))
            if (expression.Type == "JavaScript")
                foreach (var name in Named(SetVariableOfScript(), Conversion.ToText(Json.Plain(expression.Value) ?? "")))
                    yield return name;
    }

    private static List<string> VariableOf(Node node) => node.Activity is SetVariable && node.Json.Member("variable") is { } variable
        ? [.. new[] { variable.Text("id"), variable.Text("name") }.OfType<string>()] : [];

    private static IEnumerable<string> Named(Regex pattern, string source) => pattern.Matches(source).Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value).Distinct();

    private static FrozenSet<string> BuiltIn()
    {
        using var engine = new Jint.Engine();
        return engine.Global.GetOwnPropertyKeys(Jint.Runtime.Types.String).Select(key => key.ToString()).Concat(["undefined", "arguments"]).ToFrozenSet(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\bVariables\.([\p{L}_][\p{L}\p{Nd}_]*)")]
    private static partial Regex VariableOfTemplate();

    [GeneratedRegex(@"\bInput\.([\p{L}_][\p{L}\p{Nd}_]*)")]
    private static partial Regex InputOfTemplate();

    // Assigned properties are variables made on the way.
    [GeneratedRegex(@"(?<![\w.$])variables\s*\.\s*([\p{L}_$][\p{L}\p{Nd}_$]*)")]
    private static partial Regex VariableOfScript();

    [GeneratedRegex(@"(?<![\w.$])getVariable\(\s*(?:'([^'\\]+)'|""([^""\\]+)"")\s*\)")]
    private static partial Regex GetVariable();

    [GeneratedRegex(@"(?<![\w.$])getInput\(\s*(?:'([^'\\]+)'|""([^""\\]+)"")\s*\)")]
    private static partial Regex GetInput();

    [GeneratedRegex(@"(?<![\w.$])(?:setVariable\(\s*(?:'([^'\\]+)'|""([^""\\]+)"")|variables\s*\.\s*([\p{L}_$][\p{L}\p{Nd}_$]*)\s*=(?!=))")]
    private static partial Regex SetVariableOfScript();
}
