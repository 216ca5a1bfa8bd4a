using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Mentions;

/// <summary>The table of mentions, read by person while they are new.</summary>
internal sealed class MentionTable : IEntityTypeConfiguration<Mention>
{
    public void Configure(EntityTypeBuilder<Mention> mention)
    {
        mention.ToTable("mentions").HasKey(m => m.Id);
        mention.Property(m => m.Id).ValueGeneratedOnAdd();
        mention.HasIndex(m => new { m.Person, m.Id }).HasFilter("seen_at IS NULL");
        mention.HasIndex(m => m.DealId);
    }
}
