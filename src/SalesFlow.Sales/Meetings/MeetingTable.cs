using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Meetings;

/// <summary>A quarter of an hour of somebody's time that a meeting keeps busy. Its key is the constraint: nobody is booked twice.</summary>
public sealed class BusyQuarter
{
    /// <summary>Whose time.</summary>
    public UserId Member { get; private set; }
    /// <summary>Which quarter, as <see cref="MeetingCells"/> numbers them.</summary>
    public long Quarter { get; private set; }
    /// <summary>Of which meeting.</summary>
    public MeetingId MeetingId { get; private set; }
}

/// <summary>The tables of meetings and of the time they take.</summary>
internal sealed class MeetingTable : IEntityTypeConfiguration<Meeting>, IEntityTypeConfiguration<BusyQuarter>
{
    public void Configure(EntityTypeBuilder<Meeting> meeting)
    {
        meeting.ToTable("meetings").HasKey(m => m.Id);
        meeting.Property(m => m.Id).ValueGeneratedNever();
        meeting.Property(m => m.Title).HasConversion(title => Json.Write(title), text => Texts.Read(text));
        meeting.Property(m => m.Rules).HasConversion(rules => Json.Write(rules), text => Json.Read<SlotRules>(text));
        meeting.Property(m => m.Hosts).HasConversion(hosts => Json.Write(hosts), text => Json.Read<List<long>>(text), Json.Comparer<List<long>>());
        meeting.Property(m => m.TokenHash).HasMaxLength(64);
        meeting.Ignore(m => m.Cells);
        meeting.HasIndex(m => m.DealId);
        meeting.HasIndex(m => m.TokenHash).IsUnique().HasFilter("token_hash IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<BusyQuarter> busy)
    {
        busy.ToTable("busy_quarters").HasKey(b => new { b.Member, b.Quarter });
        busy.HasIndex(b => b.MeetingId);
    }
}
