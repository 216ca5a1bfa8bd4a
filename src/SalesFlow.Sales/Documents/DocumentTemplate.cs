using System.Collections.Immutable;
using SalesFlow.Engine;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace SalesFlow.Sales.Documents;

/// <summary>A document's text and the hash by which a copy of it is recognised.</summary>
public sealed record RenderedDocument(string Html, string Hash);

/// <summary>
/// A Scriban template of a document with the parts that it includes. What it inserts is escaped, and what comes out is sanitised: neither a client's name nor a careless
/// template can bring a script into a page. Templates are hostile: they read a copy of the data, reach nothing of the host, and stop at limits of time, loops, depth and size.
/// </summary>
public sealed class DocumentTemplate
{
    /// <summary>How much a template, or what it makes, may hold.</summary>
    public const int MaxCharacters = 1 << 20;
    private const int MaxParts = 50;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(3);
    private readonly Template _template;
    private readonly ImmutableDictionary<string, Template> _parts;

    private DocumentTemplate(Template template, ImmutableDictionary<string, Template> parts, string hash) => (_template, _parts, Hash) = (template, parts, hash);

    /// <summary>Hash of the template's own text.</summary>
    public string Hash { get; }

    /// <summary>Keys of all parts that it includes, directly or through others.</summary>
    public IEnumerable<string> Parts => _parts.Keys;

    /// <summary>What its author wrote, for the checks.</summary>
    internal Template Syntax => _template;

    /// <summary>
    /// Reads a template; <paramref name="part"/> answers the text of a part by its key (as in "_page"), null when there is none; <paramref name="self"/> is its own key when it is a part. Throws <see cref="TemplateException"/> with every
    /// mistake: of the syntax, parts that do not exist, and circles of them.
    /// </summary>
    public static DocumentTemplate Parse(string text, Func<string, string?>? part = null, string? self = null)
    {
        var (template, parts) = (Read(text, null), ImmutableDictionary.CreateBuilder<string, Template>(StringComparer.Ordinal));
        Gather(template, self is null ? [] : [self], parts, part ?? (_ => null));
        return new DocumentTemplate(template, parts.ToImmutable(), TemplateVersion.HashOf(text));
    }

    /// <summary>The document made of <paramref name="data"/>. An unknown name is refused, not left blank.</summary>
    public RenderedDocument Render(DocumentData data, string language, TimeZoneInfo zone)
    {
        using var timeout = new CancellationTokenSource(MaxTime);
        var context = new TemplateSandbox(_parts, data, language, zone) { CancellationToken = timeout.Token };
        try
        {
            var html = DocumentSanitizer.Clean(context.RenderWithLayout(_template));
            return new RenderedDocument(html, TemplateVersion.HashOf(html));
        }
        catch (Exception broken) when (broken is ScriptAbortException or OperationCanceledException || timeout.IsCancellationRequested)
        {
            throw new TemplateException([new(1, 1, new($"It takes longer than {MaxTime.TotalSeconds:0} seconds.", $"Выполняется дольше {MaxTime.TotalSeconds:0} секунд."))]);
        }
        catch (ScriptRuntimeException broken)
        {
            throw new TemplateException([TemplateProblem.At(broken.Span, broken.OriginalMessage)]);
        }
    }

    /// <inheritdoc cref="Render(DocumentData, string, TimeZoneInfo)" />
    public RenderedDocument Render(IReadOnlyDictionary<string, object?> values, string language, TimeZoneInfo zone) => Render(DocumentData.Of(values), language, zone);

    private static Template Read(string text, string? name)
    {
        if (text.Length > MaxCharacters)
            throw new TemplateException([new(1, 1, new($"It holds more than {MaxCharacters:N0} characters.", $"Длиннее {MaxCharacters:N0} символов."), name)]);
        var template = Template.Parse(text, name);
        return template.HasErrors
            ? throw new TemplateException([.. template.Messages.Where(message => message.Type == ParserMessageType.Error).Select(message => TemplateProblem.At(message.Span, message.Message))])
            : template;
    }

    /// <summary>Reads the parts that a template includes, each once; <paramref name="way"/> is how it was reached.</summary>
    private static void Gather(Template template, ImmutableList<string> way, ImmutableDictionary<string, Template>.Builder parts, Func<string, string?> text)
    {
        var (uses, problems) = PartUses.Of(template);
        if (problems.Length > 0)
            throw new TemplateException(problems);
        foreach (var (name, span) in uses)
        {
            if (way.Contains(name))
                throw new TemplateException([TemplateProblem.At(span, new Text($"The part '{name}' includes itself: {string.Join(" → ", way.Add(name))}.", $"Часть «{name}» включает саму себя: {string.Join(" → ", way.Add(name))}."))]);
            if (parts.ContainsKey(name))
                continue;
            if (text(name) is not { } found)
                throw new TemplateException([TemplateProblem.At(span, new Text($"There is no part '{name}'.", $"Части «{name}» нет."))]);
            if (parts.Count == MaxParts)
                throw new TemplateException([TemplateProblem.At(span, new Text($"More than {MaxParts} parts are included.", $"Включено больше {MaxParts} частей."))]);
            var read = Read(found, name);
            Gather(read, way.Add(name), parts, text);
            parts[name] = read;
        }
    }
}
