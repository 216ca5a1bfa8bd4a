using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Rules;

/// <summary>A rule that a deal passed without meeting it.</summary>
public sealed class PassedRule
{
    /// <summary>Grows in the order in which they were passed.</summary>
    public long Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>The stage whose exit the rule guards.</summary>
    public string StageKey { get; private set; } = "";
    /// <summary>The word of the definition for the rule.</summary>
    public string Kind { get; private set; } = "";
    /// <summary>What it demands, in words.</summary>
    public Text Words { get; private set; } = new("", "");
    /// <summary>Hard: the glass was broken; soft: with a reason; measured: merely counted.</summary>
    public Severity Severity { get; private set; }
    /// <summary>Why, in the words of the one who passed it.</summary>
    public string? Reason { get; private set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; private set; }
    /// <summary>Who; null for the process itself.</summary>
    public UserId? Actor { get; private set; }
}

/// <summary>The table of rules that were passed: appended only, read by time for digests and by deal.</summary>
internal sealed class PassedRuleTable : IEntityTypeConfiguration<PassedRule>
{
    public void Configure(EntityTypeBuilder<PassedRule> passed)
    {
        passed.ToTable("passed_rules").HasKey(p => p.Id);
        passed.Property(p => p.Id).ValueGeneratedOnAdd();
        passed.Property(p => p.Words).HasConversion(words => Json.Write(words), text => Texts.Read(text));
        passed.HasIndex(p => p.At);
        passed.HasIndex(p => p.DealId);
    }
}
