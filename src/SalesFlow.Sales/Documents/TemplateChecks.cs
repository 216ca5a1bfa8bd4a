using System.Collections.Immutable;
using SalesFlow.Engine;
using Scriban.Syntax;

namespace SalesFlow.Sales.Documents;

/// <summary>What was found in a template: errors keep it from being saved, warnings do not.</summary>
public sealed record TemplateFindings(ImmutableArray<TemplateProblem> Errors, ImmutableArray<TemplateProblem> Warnings);

/// <summary>Looks every name of a template over before it is saved: one that nothing stands behind would be found by a client otherwise.</summary>
public sealed class TemplateChecks : ScriptVisitor
{
    private readonly NameTree _known;
    private readonly HashSet<string> _own;
    private readonly ImmutableSortedSet<string> _fields;
    private readonly List<TemplateProblem> _errors = [], _warnings = [];

    private TemplateChecks(NameTree known, HashSet<string> own, ImmutableSortedSet<string> fields) => (_known, _own, _fields) = (known, own, fields);

    /// <summary>
    /// Unknown names of a template, or of a part, which knows nothing of those who include it. <paramref name="fields"/> are those that the forms of published processes ask for:
    /// others may be set all the same, so they are only warned of.
    /// </summary>
    public static TemplateFindings Find(DocumentTemplate template, bool isPart, ImmutableSortedSet<string> fields)
    {
        var checks = new TemplateChecks(TemplateNames.Of(isPart), OwnNames.Of(template), fields);
        checks.Visit(template.Syntax.Page);
        return new([.. checks._errors], [.. checks._warnings]);
    }

    /// <inheritdoc />
    public override void Visit(ScriptVariableGlobal node)
    {
        if (!_own.Contains(node.Name) && !_known.Members!.ContainsKey(node.Name))
            _errors.Add(Unknown(node, "", node.Name, _known));
    }

    /// <inheritdoc />
    public override void Visit(ScriptMemberExpression node)
    {
        var chain = Chain(node);
        if (chain.Count == 0)
            Visit(node.Target);
        else if (!_own.Contains(chain[0].Name))
            Follow(chain);
    }

    /// <inheritdoc />
    public override void Visit(ScriptObjectMember node) => Visit(node.Value);

    /// <inheritdoc />
    public override void Visit(ScriptNamedArgument node) => Visit(node.Value);

    /// <inheritdoc />
    public override void Visit(ScriptWithStatement node) => _errors.Add(Refused(node, "with"));

    /// <inheritdoc />
    public override void Visit(ScriptImportStatement node) => _errors.Add(Refused(node, "import"));

    private void Follow(List<ScriptVariable> chain)
    {
        if (chain is [{ Name: "deal" }, { Name: "fields" }, var field, ..])
            CheckField(field);
        var (tree, path) = (_known, "");
        foreach (var name in chain)
        {
            if (tree.Members is not { } members)
                return;
            if (!members.TryGetValue(name.Name, out var next))
            {
                _errors.Add(Unknown(name, path, name.Name, tree));
                return;
            }
            (tree, path) = (next, path + name.Name + ".");
        }
    }

    private void CheckField(ScriptVariable field)
    {
        if (_fields.IsEmpty || _fields.Contains(field.Name))
            return;
        var nearest = TemplateNames.Nearest(field.Name, _fields);
        _warnings.Add(TemplateProblem.At(field.Span, new Text(
            $"No form of a published process has the field '{field.Name}'{(nearest is null ? "" : $"; the nearest is '{nearest}'")}. It stays empty unless somebody sets it otherwise.",
            $"Ни в одной форме действующих процессов нет поля «{field.Name}»{(nearest is null ? "" : $"; ближайшее — «{nearest}»")}. Оно останется пустым, если его не заполнят иначе.")));
    }

    /// <summary>deal.fields.budget as three names; nothing when it begins with something else than a name.</summary>
    private static List<ScriptVariable> Chain(ScriptMemberExpression node)
    {
        var chain = new List<ScriptVariable>();
        ScriptNode? target = node;
        for (; target is ScriptMemberExpression { Member: { } member } inner; target = inner.Target)
            chain.Insert(0, member);
        if (target is not ScriptVariableGlobal root)
            return [];
        chain.Insert(0, root);
        return chain;
    }

    private TemplateProblem Unknown(ScriptVariable at, string path, string name, NameTree among)
    {
        var elsewhere = path.Length > 0 ? null : TemplateNames.Given.Members!.FirstOrDefault(root => root.Value.Members?.ContainsKey(name) == true).Key;
        var nearest = elsewhere is not null ? $"{elsewhere}.{name}" : TemplateNames.Nearest(name, path.Length > 0 ? among.Members!.Keys : among.Members!.Keys.Concat(_own)) is { } like ? path + like : null;
        var (holder, members) = (path.TrimEnd('.'), string.Join(", ", among.Members!.Keys.Take(40)));
        return TemplateProblem.At(at.Span, new Text(
            $"There is no '{path}{name}'{(nearest is null ? "" : $"; the nearest is '{nearest}'")}.{(holder.Length > 0 ? members.Length > 0 ? $" '{holder}' has: {members}." : $" '{holder}' has no members." : "")}",
            $"Нет «{path}{name}»{(nearest is null ? "" : $"; ближайшее — «{nearest}»")}.{(holder.Length > 0 ? members.Length > 0 ? $" У «{holder}» есть: {members}." : $" У «{holder}» ничего нет." : "")}"));
    }

    private static TemplateProblem Refused(ScriptNode node, string word) => TemplateProblem.At(node.Span, new Text(
        $"'{word}' hides where names come from; write them out, as in deal.title.", $"«{word}» скрывает, откуда берутся имена; пишите их целиком, например deal.title."));

    /// <summary>Names that a template makes itself: variables, loops, captures, functions and their parameters.</summary>
    private sealed class OwnNames : ScriptVisitor
    {
        private readonly HashSet<string> _names = [];

        public static HashSet<string> Of(DocumentTemplate template)
        {
            var own = new OwnNames();
            own.Visit(template.Syntax.Page);
            return own._names;
        }

        public override void Visit(ScriptAssignExpression node) => Add(node.Target, () => base.Visit(node));

        public override void Visit(ScriptForStatement node) => Add(node.Variable, () => base.Visit(node));

        public override void Visit(ScriptTableRowStatement node) => Add(node.Variable, () => base.Visit(node));

        public override void Visit(ScriptCaptureStatement node) => Add(node.Target, () => base.Visit(node));

        public override void Visit(ScriptFunction node) => Add(node.NameOrDoToken, () => base.Visit(node));

        public override void Visit(ScriptParameter node) => Add(node.Name, () => base.Visit(node));

        private void Add(ScriptNode? name, Action deeper)
        {
            if (name is ScriptVariableGlobal variable)
                _names.Add(variable.Name);
            deeper();
        }
    }
}
