using System.Collections.Immutable;
using SalesFlow.Engine;
using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace SalesFlow.Sales.Documents;

/// <summary>Finds the parts that a template includes or puts itself into: <c>include '_name'</c>, <c>layout '_name'</c>. Names are written out, so that all of them are known before anything runs.</summary>
internal sealed class PartUses : ScriptVisitor
{
    /// <summary>What begins the keys of parts; they are no documents by themselves.</summary>
    public const char Mark = '_';
    private static readonly string[] Words = ["include", "layout"];
    private readonly List<(string Name, SourceSpan Span)> _uses = [];
    private readonly List<TemplateProblem> _problems = [];

    private PartUses() { }

    public static (ImmutableArray<(string Name, SourceSpan Span)> Uses, ImmutableArray<TemplateProblem> Problems) Of(Template template)
    {
        var found = new PartUses();
        found.Visit(template.Page);
        return ([.. found._uses], [.. found._problems]);
    }

    public override void Visit(ScriptFunctionCall node)
    {
        if (node.Target is not ScriptVariableGlobal { Name: "include" or "layout" } word)
        {
            base.Visit(node);
            return;
        }
        if (node.Arguments.FirstOrDefault() is not ScriptLiteral { Value: string name })
            _problems.Add(Unwritten(word));
        else if (name.Length < 2 || name[0] != Mark)
            _problems.Add(TemplateProblem.At(node.Arguments[0].Span, new Text($"'{name}' is no part: the keys of parts begin with '{Mark}'.", $"«{name}» не часть: ключи частей начинаются с «{Mark}».")));
        else
            _uses.Add((name, word.Span));
        foreach (var argument in node.Arguments)
            Visit(argument);
    }

    public override void Visit(ScriptVariableGlobal node)
    {
        if (Words.Contains(node.Name) && node.Parent is not ScriptMemberExpression { Target: not ScriptVariableGlobal })
            _problems.Add(Unwritten(node));
    }

    private static TemplateProblem Unwritten(ScriptVariableGlobal word) => TemplateProblem.At(word.Span, new Text(
        $"Write the name of the part after '{word.Name}' as text, as in {word.Name} '{Mark}page'.", $"После «{word.Name}» напишите имя части текстом, например {word.Name} '{Mark}page'."));
}
