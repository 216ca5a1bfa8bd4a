using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Deals;

/// <summary>The tables of deals, clients and visits.</summary>
internal sealed class DealTable : IEntityTypeConfiguration<Deal>, IEntityTypeConfiguration<Client>, IEntityTypeConfiguration<Visit>
{
    public void Configure(EntityTypeBuilder<Deal> deal)
    {
        deal.ToTable("deals");
        deal.HasKey(d => d.Id);
        deal.Property(d => d.Id).ValueGeneratedNever();
        deal.Property(d => d.WonAt);
        deal.Property(d => d.LostAt);
        deal.Property(d => d.CloseReason);
        deal.Property(d => d.StageName).HasConversion(name => Json.Write(name), text => Texts.Read(text));
        deal.Property(d => d.Fields).HasConversion(f => Json.Write(f), text => Json.Values(text), Json.Comparer<Dictionary<string, object?>>());
        deal.HasOne(d => d.Client).WithMany().HasForeignKey(d => d.ClientId);
        // Found by their ids, see DealKeys.
        deal.Ignore(d => d.Tasks);
        deal.HasMany(d => d.Visits).WithOne().HasForeignKey(v => v.DealId);
        deal.HasMany(d => d.Approvals).WithOne().HasForeignKey(a => a.DealId);
        deal.HasMany(d => d.Documents).WithOne().HasForeignKey(i => i.DealId);
        deal.HasMany(d => d.Meetings).WithOne().HasForeignKey(m => m.DealId);
        deal.HasIndex(d => new { d.PipelineKey, d.StageKey, d.Id }).HasFilter("won_at IS NULL AND lost_at IS NULL").HasDatabaseName("ix_deals_open");
        deal.HasIndex(d => new { d.Owner, d.Id });
    }

    public void Configure(EntityTypeBuilder<Client> client)
    {
        client.ToTable("clients");
        client.HasKey(c => c.Id);
        client.Property(c => c.Id).ValueGeneratedNever();
        client.HasIndex(c => c.Name);
    }

    public void Configure(EntityTypeBuilder<Visit> visit)
    {
        visit.ToTable("visits");
        visit.HasKey(v => new { v.DealId, v.Number });
        visit.Property(v => v.StageName).HasConversion(name => Json.Write(name), text => Texts.Read(text));
        visit.Property(v => v.WaitedSeconds).HasDefaultValue(0L);
        visit.HasIndex(v => v.EnteredAt);
        // The sweep for what is over its limit reads a few days of it.
        visit.HasIndex(v => v.LimitAt).HasFilter("left_at IS NULL AND limit_at IS NOT NULL").HasDatabaseName("ix_visits_open_by_limit");
    }
}

/// <summary>How values without a column of their own are stored.</summary>
internal static class Json
{
    // Readable in the tables too: Russian is not escaped.
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is stored of a value.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>Values by name as the engine's expressions know them: text, numbers, true and false, lists and objects.</summary>
    public static Dictionary<string, object?> Values(string text) => Engine.Expressions.Json.Parse(text) as Dictionary<string, object?> ?? [];

    /// <summary>A value from its column.</summary>
    public static T Read<T>(string text) where T : new() => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web) ?? new T();

    /// <summary>Two values are equal when they are stored alike.</summary>
    public static ValueComparer<T> Comparer<T>() where T : new() => new(
        (a, b) => JsonSerializer.Serialize(a, JsonSerializerOptions.Web) == JsonSerializer.Serialize(b, JsonSerializerOptions.Web),
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web).GetHashCode(StringComparison.Ordinal),
        value => Read<T>(JsonSerializer.Serialize(value, JsonSerializerOptions.Web)));
}
