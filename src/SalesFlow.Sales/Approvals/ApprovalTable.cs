using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Approvals;

/// <summary>The tables of approvals.</summary>
internal sealed class ApprovalTable : IEntityTypeConfiguration<MatrixVersion>
{
    public void Configure(EntityTypeBuilder<MatrixVersion> matrix)
    {
        matrix.ToTable("approval_matrices");
        matrix.HasKey(m => new { m.Key, m.Version });
    }
}
