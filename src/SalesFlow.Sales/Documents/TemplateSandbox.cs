using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace SalesFlow.Sales.Documents;

/// <summary>Where templates run: a copy of the data, our functions, Scriban's functions without chance, clock and evaluation, and limits on everything.</summary>
internal sealed class TemplateSandbox : TemplateContext
{
    private readonly ImmutableDictionary<string, Template> _parts;
    private readonly ScriptObject _given = new();
    private string? _layout;

    public TemplateSandbox(ImmutableDictionary<string, Template> parts, DocumentData data, string language, TimeZoneInfo zone) : base(Builtins())
    {
        _parts = parts;
        (StrictVariables, MemberFilter, TemplateLoader, NewLine) = (true, _ => false, new Loader(parts), "\n");
        (LoopLimit, LoopLimitQueryable, RecursiveLimit, ObjectRecursionLimit) = (10_000, 10_000, 50, 20);
        (LimitToString, OutputLimit, OnOutputLimit, OnStringLimit) = (DocumentTemplate.MaxCharacters, DocumentTemplate.MaxCharacters, ScriptLimitBehavior.Throw, ScriptLimitBehavior.Throw);
        RegexTimeOut = TimeSpan.FromMilliseconds(200);
        PushCulture(CultureInfo.InvariantCulture);
        foreach (var (name, template) in parts)
            CachedTemplates[name] = template;
        PushGlobal(new DocumentWords(language, zone).Functions());
        foreach (var (name, value) in data.ForScript())
            _given.SetValue(name, value, readOnly: true);
        _given.SetValue("language", language, readOnly: true);
        _given.Import("layout", (Action<string>)(name => _layout = name));
        PushGlobal(_given);
    }

    /// <summary>Names of Scriban's own functions, with the members of those that are groups of functions.</summary>
    public static ScriptObject Builtins()
    {
        var builtins = GetDefaultBuiltinObject();
        // Chance and clock would make another document of the same data; evaluation and computed names would go around what is checked when a template is saved.
        Remove("math", "random", "uuid");
        Remove("object", "eval", "eval_template");
        builtins.Remove("include_join");
        builtins.Remove("date");
        builtins.SetValue("include", new IncludePart((IScriptCustomFunction)builtins["include"]!), readOnly: true);
        return builtins;

        void Remove(string group, params string[] names)
        {
            foreach (var name in names)
                ((ScriptObject)builtins[group]!).Remove(name);
        }
    }

    /// <summary>The text of a template, put into the layout that it names, and that one into its own.</summary>
    public string RenderWithLayout(Template template)
    {
        var text = template.Render(this);
        while (_layout is { } name)
        {
            _layout = null;
            if (!_parts.TryGetValue(name, out var layout))
                throw new ScriptRuntimeException(new SourceSpan("", default, default), $"There is no part '{name}'.");
            _given.SetValue("content", new Markup(text), readOnly: true);
            text = layout.Render(this);
        }
        return text;
    }

    // Text of the template itself is written by another overload, so this one sees inserted values only.
    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is Markup markup)
            Write(markup.Html);
        else if (textAsObject is not null && ObjectToString(textAsObject) is { Length: > 0 } text)
            Write(WebUtility.HtmlEncode(text));
        return this;
    }

    /// <summary>What a template has made: it was escaped when it was made.</summary>
    private sealed class Markup(string html)
    {
        public string Html { get; } = html;

        public override string ToString() => Html;
    }

    private sealed class Loader(ImmutableDictionary<string, Template> parts) : ITemplateLoader
    {
        // Every part is in the cache before anything runs; the loader is asked only for the way to it.
        public string GetPath(TemplateContext context, SourceSpan callerSpan, string templateName) =>
            parts.ContainsKey(templateName) ? templateName : throw new ScriptRuntimeException(callerSpan, $"There is no part '{templateName}'.");

        public string Load(TemplateContext context, SourceSpan callerSpan, string templatePath) => throw new ScriptRuntimeException(callerSpan, $"There is no part '{templatePath}'.");

        public ValueTask<string?> LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) => new(Load(context, callerSpan, templatePath));
    }

    private sealed class IncludePart(IScriptCustomFunction inner) : IScriptCustomFunction
    {
        public int RequiredParameterCount => inner.RequiredParameterCount;
        public int ParameterCount => inner.ParameterCount;
        public ScriptVarParamKind VarParamKind => inner.VarParamKind;
        public Type ReturnType => typeof(object);

        public ScriptParameterInfo GetParameterInfo(int index) => inner.GetParameterInfo(index);

        public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
            new Markup(inner.Invoke(context, callerContext, arguments, blockStatement)?.ToString() ?? "");

        public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
            new(Invoke(context, callerContext, arguments, blockStatement));
    }
}
