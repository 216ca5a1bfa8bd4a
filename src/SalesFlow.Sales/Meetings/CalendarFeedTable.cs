using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Meetings;

/// <summary>The address under which a person's calendar program reads their meetings. Only its hash is stored.</summary>
public sealed class CalendarFeed
{
    /// <summary>Whose meetings.</summary>
    public UserId Person { get; set; }
    /// <summary>SHA-256 of the secret in the address, in hex.</summary>
    public string SecretHash { get; set; } = "";
    /// <summary>When the address was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The table of feeds: at most one for each person.</summary>
internal sealed class CalendarFeedTable : IEntityTypeConfiguration<CalendarFeed>
{
    public void Configure(EntityTypeBuilder<CalendarFeed> feed)
    {
        feed.ToTable("calendar_feeds").HasKey(f => f.Person);
        feed.Property(f => f.Person).ValueGeneratedNever();
        feed.Property(f => f.SecretHash).HasMaxLength(64);
        feed.HasIndex(f => f.SecretHash).IsUnique();
    }
}
