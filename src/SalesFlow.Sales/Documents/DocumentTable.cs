using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Documents;

/// <summary>Numbers run without gap within a legal entity, a kind of document and a year.</summary>
public sealed class NumberSeries
{
    /// <summary>Id of the series.</summary>
    public long Id { get; set; }
    /// <summary>Who issues.</summary>
    public string LegalEntity { get; set; } = "";
    /// <summary>Kind of document.</summary>
    public string Kind { get; set; } = "";
    /// <summary>Year of issue.</summary>
    public int Year { get; set; }
    /// <summary>Last number given out; also the row's version, since every change of it is a number.</summary>
    public long Last { get; set; }
}

/// <summary>The tables of documents and their numbers.</summary>
internal sealed class DocumentTable : IEntityTypeConfiguration<IssuedDocument>, IEntityTypeConfiguration<NumberSeries>
{
    public void Configure(EntityTypeBuilder<IssuedDocument> document)
    {
        document.ToTable("documents");
        document.HasKey(d => d.Id);
        document.Property(d => d.Id).ValueGeneratedNever();
        document.HasIndex(d => d.DealId);
        // The last guard against a number given twice.
        document.HasIndex(d => d.Number).IsUnique();
    }

    public void Configure(EntityTypeBuilder<NumberSeries> series)
    {
        series.ToTable("number_series");
        series.HasIndex(s => new { s.LegalEntity, s.Kind, s.Year }).IsUnique();
    }
}
