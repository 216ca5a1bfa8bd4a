using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Assignments;

/// <summary>Somebody was picked, or nobody could be: the answer to "why me".</summary>
public sealed class AssignmentRecord
{
    /// <summary>Grows in the order in which people were picked.</summary>
    public long Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>The activity that picked.</summary>
    public string Step { get; private set; } = "";
    /// <summary>Who; null for nobody.</summary>
    public UserId? Chosen { get; private set; }
    /// <summary>Why, in words.</summary>
    public Text Why { get; private set; } = new("", "");
    /// <summary>Everybody who was looked at.</summary>
    public List<ScoredCandidate> Candidates { get; private set; } = [];
    /// <summary>When.</summary>
    public DateTimeOffset At { get; private set; }
}

/// <summary>The table of assignments: appended only.</summary>
internal sealed class AssignmentTable : IEntityTypeConfiguration<AssignmentRecord>
{
    public void Configure(EntityTypeBuilder<AssignmentRecord> assignment)
    {
        assignment.ToTable("assignments").HasKey(a => a.Id);
        assignment.Property(a => a.Id).ValueGeneratedOnAdd();
        assignment.Property(a => a.Why).HasConversion(why => Json.Write(why), text => Texts.Read(text));
        assignment.Property(a => a.Candidates).HasConversion(all => Json.Write(all), text => Json.Read<List<ScoredCandidate>>(text), Json.Comparer<List<ScoredCandidate>>());
        assignment.HasIndex(a => new { a.Step, a.Id });
        assignment.HasIndex(a => a.DealId);
    }
}
