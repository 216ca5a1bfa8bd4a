using System.Collections.Immutable;
using SalesFlow.Engine;
using Scriban.Parsing;

namespace SalesFlow.Sales.Documents;

/// <summary>What is wrong with a template, and where: line and column from 1; <paramref name="Part"/> names the part that it stands in when it is not the template itself.</summary>
public sealed record TemplateProblem(int Line, int Column, Text Message, string? Part = null)
{
    /// <summary>A problem of a place that the parser or the interpreter named.</summary>
    internal static TemplateProblem At(SourceSpan span, Text message) => new(span.Start.Line + 1, span.Start.Column + 1, message, span.FileName?.StartsWith(PartUses.Mark) == true ? span.FileName : null);

    /// <summary>Scriban's own sentences are English only.</summary>
    internal static TemplateProblem At(SourceSpan span, string message) => At(span, new Text(message, message));

    /// <summary>The place and the problem in a sentence.</summary>
    public string In(string language) =>
        new Text($"{(Part is null ? "" : $"'{Part}', ")}line {Line}, column {Column}: {Message.En}", $"{(Part is null ? "" : $"«{Part}», ")}строка {Line}, столбец {Column}: {Message.Ru}").In(language);

    /// <inheritdoc />
    public override string ToString() => In("en");
}

/// <summary>A template that does not parse, or that asks for something it is not given; every problem has its line and column.</summary>
public sealed class TemplateException(ImmutableArray<TemplateProblem> problems) : Exception(string.Join(" ", problems))
{
    /// <summary>What is wrong, and where.</summary>
    public ImmutableArray<TemplateProblem> Problems { get; } = problems;
}
