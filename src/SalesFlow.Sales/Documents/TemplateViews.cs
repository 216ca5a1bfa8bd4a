using System.Collections.Immutable;

namespace SalesFlow.Sales.Documents;

/// <summary>A template without its text. <paramref name="Name"/> is key and language, as in "offer.ru"; a part is included by others and is no document by itself.</summary>
public sealed record TemplateView(string Key, string Language, string Name, bool IsPart, int Version, DateTimeOffset At, string By);

/// <summary>A version of a template with its text and what it says otherwise than the one before.</summary>
public sealed record TemplateText(string Key, string Language, string Name, bool IsPart, int Version, bool InForce, DateTimeOffset At, string By, string Text, string Hash, ImmutableArray<DiffLine> Diff);

/// <summary>A version of a template without its text.</summary>
public sealed record TemplateVersionView(int Version, bool InForce, DateTimeOffset At, string By, string Hash);

/// <summary>What saving came to, or would: the version in force, what it says otherwise, and what deserves a look.</summary>
public sealed record TemplateChange(string Name, int Version, bool DryRun, ImmutableArray<string> Warnings, ImmutableArray<DiffLine> Diff);

/// <summary>A document made on trial. <paramref name="Through"/> names the template in which a part is shown; <paramref name="Errors"/> say why there is no document, <paramref name="Warnings"/> what deserves a look.</summary>
public sealed record TemplatePreview(string? Html, string? Through, ImmutableArray<TemplateProblem> Errors, ImmutableArray<TemplateProblem> Warnings);
