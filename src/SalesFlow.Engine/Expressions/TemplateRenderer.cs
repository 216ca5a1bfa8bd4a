using System.Collections.Concurrent;
using System.Globalization;
using SalesFlow.Engine.Definitions;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace SalesFlow.Engine.Expressions;

/// <summary>
/// Renders Scriban templates within the limits: no includes, no reflection, no clock but the one given. <paramref name="functions"/> are what templates
/// may call beside Scriban's own; one renderer serves all threads.
/// </summary>
public sealed class TemplateRenderer(EngineLimits limits, IReadOnlyDictionary<string, Delegate>? functions = null)
{
    private const int MaxCached = 500;
    private const int LoopLimit = 100_000;
    private readonly ConcurrentDictionary<string, Template> _parsed = new();

    /// <summary>The text; throws <see cref="FaultException"/> with line and column. Numbers and dates are written in <paramref name="culture"/> ("" is the invariant one).</summary>
    public string Render(string template, IReadOnlyDictionary<string, object?> model, string culture, DateTimeOffset? now = null)
    {
        var parsed = Parsed(template);
        if (Mistake(parsed) is { } mistake)
            throw new FaultException($"The template cannot be read: {mistake}");
        return Render(parsed, model, culture, now);
    }

    /// <summary>Every mistake of a template with its line and column.</summary>
    public IEnumerable<Problem> Check(string template, string path) =>
        Parsed(template) is { HasErrors: true } parsed ? parsed.Messages.Select(message => new Problem(path, Describe(message.Message, message.Span))) : [];

    internal static string? Mistake(Template template) =>
        template.HasErrors ? string.Join(" ", template.Messages.Select(message => Describe(message.Message, message.Span))) : null;

    internal string Render(Template template, IReadOnlyDictionary<string, object?> model, string culture, DateTimeOffset? now)
    {
        using var timeout = new CancellationTokenSource(limits.ExpressionTime);
        var context = Context(model, culture, now);
        context.CancellationToken = timeout.Token;
        try
        {
            return template.Render(context);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new FaultException($"The template failed: {Reason(error, timeout.IsCancellationRequested)}", inner: error);
        }
    }

    private Template Parsed(string text)
    {
        if (_parsed.TryGetValue(text, out var known))
            return known;
        if (_parsed.Count >= MaxCached)
            _parsed.Clear();
        return _parsed.GetOrAdd(text, static source => Template.Parse(source));
    }

    private TemplateContext Context(IReadOnlyDictionary<string, object?> model, string culture, DateTimeOffset? now)
    {
        var context = new TemplateContext
        {
            LoopLimit = LoopLimit, LoopLimitQueryable = LoopLimit, RecursiveLimit = Math.Min(100, limits.ExpressionRecursion), ObjectRecursionLimit = 20,
            LimitToString = limits.ExpressionOutput, OutputLimit = limits.ExpressionOutput, OnOutputLimit = ScriptLimitBehavior.Throw,
            OnStringLimit = ScriptLimitBehavior.Throw, RegexTimeOut = limits.ExpressionTime / 2, MemberFilter = _ => false, TemplateLoader = null, NewLine = "\n",
        };
        context.PushCulture(CultureInfo.GetCultureInfo(culture));
        RemoveChance(context.BuiltinObject, now);
        var globals = new ScriptObject();
        foreach (var (name, function) in functions ?? new Dictionary<string, Delegate>())
            globals.SetValue(name, new DelegateCustomFunction(function), true);
        foreach (var (name, value) in model)
            globals.SetValue(name, Copy(value), false);
        context.PushGlobal(globals);
        return context;
    }

    /// <summary>What would differ between a turn and its replay is taken out; the clock is the caller's.</summary>
    private static void RemoveChance(ScriptObject builtins, DateTimeOffset? now)
    {
        if (builtins["math"] is ScriptObject math)
        {
            math.Remove("random");
            math.Remove("uuid");
        }
        if (builtins["date"] is not ScriptObject date)
            return;
        date.Remove("now");
        if (now is { } time)
            date.SetValue("now", time.UtcDateTime, true);
    }

    private static object? Copy(object? value) => TemplateModel.Copy(value is DateTimeOffset time ? time.DateTime : value, Members, items => new ScriptArray(items));

    private static ScriptObject Members(IEnumerable<KeyValuePair<string, object?>> pairs)
    {
        var members = new ScriptObject();
        foreach (var (name, value) in pairs)
            members.SetValue(name, value is DateTimeOffset time ? time.DateTime : value, false);
        return members;
    }

    private string Reason(Exception error, bool late)
    {
        var inner = error is ScriptRuntimeException ? error.InnerException : error;
        if (late || inner is OperationCanceledException || error is ScriptAbortException)
            return $"it ran longer than the limit of {limits.ExpressionTime.TotalSeconds:0.###} s.";
        return error is ScriptRuntimeException script ? Describe(script.OriginalMessage, script.Span) : error.Message;
    }

    private static string Describe(string message, Scriban.Parsing.SourceSpan span) =>
        $"{message.TrimEnd('.')} (line {span.Start.Line + 1}, column {span.Start.Column + 1}).";
}
