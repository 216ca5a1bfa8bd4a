using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Approvals;

/// <summary>The tables of approvals.</summary>
internal sealed class ApprovalTable : IEntityTypeConfiguration<MatrixVersion>, IEntityTypeConfiguration<Approval>
{
    public void Configure(EntityTypeBuilder<Approval> approval)
    {
        approval.ToTable("approvals");
        approval.HasKey(a => a.Id);
        approval.Property(a => a.Id).ValueGeneratedNever();
        approval.Ignore(a => a.Terms);
        approval.Ignore(a => a.NextLevel);
        approval.Property(a => a.TermsText).HasColumnName("Terms");
        approval.Property(a => a.Levels).HasConversion(levels => Json.Write(levels), text => Json.Read<List<AskedLevel>>(text), Json.Comparer<List<AskedLevel>>());
        approval.Property(a => a.Votes).HasConversion(votes => Json.Write(votes), text => Json.Read<List<ApprovalVote>>(text), Json.Comparer<List<ApprovalVote>>());
        approval.HasIndex(a => a.DealId);
    }

    public void Configure(EntityTypeBuilder<MatrixVersion> matrix)
    {
        matrix.ToTable("approval_matrices");
        matrix.HasKey(m => new { m.Key, m.Version });
    }
}
