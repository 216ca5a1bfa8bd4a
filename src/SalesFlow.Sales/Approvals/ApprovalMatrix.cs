using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>How those who are named by a level decide.</summary>
[JsonConverter(typeof(ApprovalModeConverter))]
public enum ApprovalMode
{
    /// <summary>One after another; each must say yes.</summary>
    Sequential,
    /// <summary>All at the same time; each must say yes.</summary>
    Parallel,
    /// <summary>All at the same time; so many must say yes.</summary>
    Quorum,
}

/// <summary>Modes are camel-case words.</summary>
internal sealed class ApprovalModeConverter() : JsonStringEnumConverter<ApprovalMode>(JsonNamingPolicy.CamelCase);

/// <summary>Numbers over one bound, up to and with the other; a missing bound bounds nothing.</summary>
public sealed record TermRange(decimal? Over = null, decimal? UpTo = null)
{
    /// <summary>True when the number lies in it; an unknown one counts as lower than any.</summary>
    public bool Holds(decimal? value) => (Over is null || value > Over) && (UpTo is null || value is null || value <= UpTo);
}

/// <summary>What a row asks of the terms: a missing condition holds for any. Products and segments are compared without regard to case.</summary>
public sealed record TermConditions
{
    /// <summary>In per cent.</summary>
    public TermRange? Discount { get; init; }
    /// <summary>In the deal's currency.</summary>
    public TermRange? Amount { get; init; }
    /// <summary>In per cent.</summary>
    public TermRange? Margin { get; init; }
    /// <summary>In days.</summary>
    public TermRange? PaymentDays { get; init; }
    /// <summary>Any of these.</summary>
    public ImmutableArray<string> Product { get; init => field = value.IsDefault ? [] : value; } = [];
    /// <summary>Any of these.</summary>
    public ImmutableArray<string> Segment { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>True when the terms meet every condition.</summary>
    public bool Hold(Terms terms) => (Discount?.Holds(terms.Discount) ?? true) && (Amount?.Holds(terms.Amount) ?? true) && (Margin?.Holds(terms.Margin) ?? true)
        && (PaymentDays?.Holds(terms.PaymentDays) ?? true) && Holds(Product, terms.Product) && Holds(Segment, terms.Segment);

    /// <summary>The range of a numeric term; null for any.</summary>
    public TermRange? Range(string term) => term switch
    {
        TermNames.Discount => Discount, TermNames.Amount => Amount, TermNames.Margin => Margin, TermNames.PaymentDays => PaymentDays, _ => null,
    };

    /// <summary>The values of a term in words; none for any.</summary>
    public ImmutableArray<string> Values(string term) => term == TermNames.Product ? Product : term == TermNames.Segment ? Segment : [];

    /// <summary>True when it says something of the term.</summary>
    public bool Names(string term) => Range(term) is { } range ? range.Over is not null || range.UpTo is not null : Values(term).Length > 0;

    private static bool Holds(ImmutableArray<string> wanted, string? value) => wanted.IsEmpty || value is not null && wanted.Contains(value, StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// Whoever must say yes. <paramref name="Who"/> are "role:approver" or "user:name"; in a quorum a role stands for each of its people. <paramref name="Hours"/> of working time after which the question goes to
/// <paramref name="EscalateTo"/>, too a role or user. Levels of one <paramref name="Key"/> are the same level in every row.
/// </summary>
public sealed record ApprovalLevel(string Key, Text Name, ImmutableArray<string> Who, ApprovalMode Mode = ApprovalMode.Sequential, int? Quorum = null, double? Hours = null, string? EscalateTo = null);

/// <summary>Who decides on which terms: its levels are asked one after another. No levels: such terms need no approval.</summary>
public sealed record ApprovalRow(TermConditions When, ImmutableArray<ApprovalLevel> Levels)
{
    // What no condition can name has been seen by everyone who said yes.
    private static readonly ImmutableHashSet<string> Always = [.. TermNames.All.Except(TermNames.Conditions)];

    /// <summary>The terms on which its decisions depend: those that its conditions name, and those that no condition can name. A row for any terms depends on all.</summary>
    [JsonIgnore]
    public ImmutableHashSet<string> DependsOn => TermNames.Conditions.Where(When.Names).ToImmutableHashSet() is { IsEmpty: false } named ? named.Union(Always) : [.. TermNames.All];
}

/// <summary>The values from which approvers are shown the difference; a missing one is not compared.</summary>
public sealed record StandardTerms(decimal? Discount = null, decimal? Margin = null, decimal? PaymentDays = null, string? PaymentTerms = null);

/// <summary>Which terms need whose yes. The first row that the terms meet is in force.</summary>
public sealed record ApprovalMatrix
{
    /// <summary>A matrix that says nothing.</summary>
    public static ApprovalMatrix Empty { get; } = new() { Rows = [] };

    /// <summary>What we usually sell at.</summary>
    public StandardTerms Standard { get; init; } = new();
    /// <summary>From the first to the last.</summary>
    public required ImmutableArray<ApprovalRow> Rows { get; init => field = value.IsDefault ? [] : value; }

    /// <summary>The row in force for the terms; null when none covers them.</summary>
    public ApprovalRow? RowFor(Terms terms) => Rows.FirstOrDefault(row => row.When.Hold(terms));

    /// <summary>Who decides on terms that no row covers, so that nothing goes unasked.</summary>
    public static ApprovalRow Uncovered(string who) => new(new(), [new("uncovered", new("Terms that no row covers", "Условия вне матрицы"), [who.Length > 0 ? who : $"role:{Roles.HeadOfSales}"], Hours: 8, EscalateTo: $"role:{Roles.HeadOfSales}")]);
}
