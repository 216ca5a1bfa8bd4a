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

/// <summary>
/// A number that was given out. The instance and its effect are the key under which it is drawn, so that a repeated effect finds its number again and no
/// number is lost.
/// </summary>
public sealed class DrawnNumber
{
    /// <summary>The instance that drew it.</summary>
    public long InstanceId { get; set; }
    /// <summary>The effect for which it was drawn.</summary>
    public int Effect { get; set; }
    /// <summary>Its series.</summary>
    public long SeriesId { get; set; }
    /// <summary>The number, from 1.</summary>
    public long Number { get; set; }
}

/// <summary>What an issued document says.</summary>
public sealed class DocumentText
{
    /// <summary>The document.</summary>
    public DocumentId DocumentId { get; set; }
    /// <summary>Its HTML, sanitised.</summary>
    public string Html { get; set; } = "";
    /// <summary>What it was made of: versions of templates, zone and data, as JSON.</summary>
    public string Making { get; set; } = "{}";
}

/// <summary>The tables of documents and their numbers.</summary>
internal sealed class DocumentTable : IEntityTypeConfiguration<IssuedDocument>, IEntityTypeConfiguration<NumberSeries>, IEntityTypeConfiguration<DocumentText>,
    IEntityTypeConfiguration<DrawnNumber>, IEntityTypeConfiguration<TemplateVersion>
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

    public void Configure(EntityTypeBuilder<DocumentText> text)
    {
        text.ToTable("document_texts").HasKey(t => t.DocumentId);
        text.Property(t => t.DocumentId).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<DrawnNumber> drawn)
    {
        drawn.ToTable("drawn_numbers").HasKey(d => new { d.InstanceId, d.Effect });
        drawn.HasIndex(d => new { d.SeriesId, d.Number }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<TemplateVersion> version)
    {
        // The key is also what refuses the second of two people who save the same version.
        version.ToTable("template_versions").HasKey(v => new { v.Name, v.Version });
    }
}
