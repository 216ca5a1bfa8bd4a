using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.People;

/// <summary>The table of absences.</summary>
internal sealed class AbsenceTable : IEntityTypeConfiguration<Absence>
{
    public void Configure(EntityTypeBuilder<Absence> absence)
    {
        absence.ToTable("absences").HasKey(a => a.Id);
        absence.Property(a => a.From).HasColumnName("away_from");
        absence.Property(a => a.To).HasColumnName("away_to");
        absence.HasIndex(a => a.To);
    }
}
