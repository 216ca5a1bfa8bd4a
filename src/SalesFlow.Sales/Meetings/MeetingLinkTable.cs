using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Meetings;

/// <summary>The table of booking links in letters.</summary>
internal sealed class MeetingLinkTable : IEntityTypeConfiguration<MeetingLink>
{
    public void Configure(EntityTypeBuilder<MeetingLink> link)
    {
        link.ToTable("meeting_links").HasKey(l => l.Hash);
        link.Property(l => l.Hash).HasMaxLength(64);
        link.Property(l => l.Beside).HasMaxLength(64);
        link.HasIndex(l => l.ExpiresAt);
    }
}
