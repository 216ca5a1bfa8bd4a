using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Seeds;

/// <summary>What a shipped file said when it was last taken in: what is in force and says something else was edited here.</summary>
public sealed class TakenSeed
{
    /// <summary>Its name in a set.</summary>
    public string File { get; set; } = "";
    /// <summary>Hash of what it said.</summary>
    public string Hash { get; set; } = "";
    /// <summary>When it was taken.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>The table of taken files.</summary>
internal sealed class SeedTable : IEntityTypeConfiguration<TakenSeed>
{
    public void Configure(EntityTypeBuilder<TakenSeed> seed)
    {
        seed.ToTable("seeds").HasKey(s => s.File);
    }
}
