using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Approvals;

/// <summary>The table of links in letters to approvers. A secret itself is in no table.</summary>
internal sealed class ApprovalLinkTable : IEntityTypeConfiguration<ApprovalLink>
{
    public void Configure(EntityTypeBuilder<ApprovalLink> link)
    {
        link.ToTable("approval_links").HasKey(l => l.Id);
        link.Property(l => l.Id).ValueGeneratedOnAdd();
        link.Property(l => l.Hash).HasMaxLength(64);
        link.HasIndex(l => l.Hash).IsUnique();
        link.HasIndex(l => l.MailKey);
    }
}
