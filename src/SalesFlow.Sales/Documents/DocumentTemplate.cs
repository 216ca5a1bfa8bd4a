using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AngleSharp.Css.Dom;
using Ganss.Xss;
using SalesFlow.Engine.Definitions;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace SalesFlow.Sales.Documents;

/// <summary>A document's text and the hash by which a copy of it is recognised.</summary>
public sealed record RenderedDocument(string Html, string Hash);

/// <summary>A template that does not parse, or that asks for something it is not given; every problem has its line and column.</summary>
public sealed class TemplateException(ImmutableArray<Problem> problems) : Exception(string.Join(" ", problems))
{
    /// <summary>What is wrong, and where: line and column from 1.</summary>
    public ImmutableArray<Problem> Problems { get; } = problems;
}

/// <summary>
/// A Scriban template of a document. What it inserts is escaped, and what comes out is sanitised: neither a client's name nor a careless
/// template can bring a script into a page.
/// </summary>
public sealed class DocumentTemplate
{
    private const int MaxCharacters = 1 << 20;
    private readonly Template _template;

    private DocumentTemplate(Template template, string hash) => (_template, Hash) = (template, hash);

    /// <summary>Hash of the template's text.</summary>
    public string Hash { get; }

    /// <summary>Reads a template; throws <see cref="TemplateException"/> with every mistake.</summary>
    public static DocumentTemplate Parse(string text)
    {
        var template = Template.Parse(text);
        return template.HasErrors
            ? throw new TemplateException([.. template.Messages.Where(message => message.Type == ParserMessageType.Error).Select(message => At(message.Span, message.Message))])
            : new DocumentTemplate(template, HashOf(text));
    }

    /// <summary>The document made of <paramref name="values"/> (deal, client, number, ...). An unknown name is refused, not left blank.</summary>
    public RenderedDocument Render(IReadOnlyDictionary<string, object?> values, string language, TimeZoneInfo zone)
    {
        var globals = new ScriptObject();
        foreach (var (name, value) in values)
            globals[name] = value;
        globals["language"] = language;
        var context = new EscapingContext { StrictVariables = true, LoopLimit = 1_000, RecursiveLimit = 50, LimitToString = MaxCharacters };
        context.PushGlobal(new DocumentWords(language, zone).Functions());
        context.PushGlobal(globals);
        try
        {
            var html = Sanitizer().SanitizeDocument(_template.Render(context));
            return new RenderedDocument(html, HashOf(html));
        }
        catch (ScriptRuntimeException broken)
        {
            throw new TemplateException([At(broken.Span, broken.OriginalMessage)]);
        }
    }

    private static Problem At(SourceSpan span, string message) => new($"line {span.Start.Line + 1}, column {span.Start.Column + 1}", message);

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static HtmlSanitizer Sanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedTags.UnionWith(["html", "head", "body", "title", "meta", "style"]);
        sanitizer.AllowedAttributes.UnionWith(["class", "lang", "charset"]);
        sanitizer.AllowedAtRules.UnionWith([CssRuleType.Page, CssRuleType.Media]);
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["mailto", "https"]);
        return sanitizer;
    }

    private sealed class EscapingContext : TemplateContext
    {
        // Text of the template itself is written by another overload, so this one sees inserted values only.
        public override TemplateContext Write(SourceSpan span, object? textAsObject)
        {
            if (textAsObject is not null && ObjectToString(textAsObject) is { Length: > 0 } text)
                Write(WebUtility.HtmlEncode(text));
            return this;
        }
    }
}
