using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Requests;

/// <summary>The first answer given under an Idempotency-Key.</summary>
public sealed class KeptRequest
{
    /// <summary>SHA-256 of the actor and the key, in hex.</summary>
    public string KeyHash { get; set; } = "";
    /// <summary>Whose request it was.</summary>
    public long ActorId { get; set; }
    /// <summary>SHA-256 of method, path and body, in hex.</summary>
    public string RequestHash { get; set; } = "";
    /// <summary>HTTP status of the answer; 0 when the request was done but not answered yet.</summary>
    public int Status { get; set; }
    /// <summary>Body of the answer; the address of the result while it is not answered.</summary>
    public string Body { get; set; } = "";
    /// <summary>When it was answered.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>The table of kept answers.</summary>
internal sealed class IdempotencyTable : IEntityTypeConfiguration<KeptRequest>
{
    public void Configure(EntityTypeBuilder<KeptRequest> kept)
    {
        kept.ToTable("idempotency");
        kept.HasKey(k => k.KeyHash);
        kept.Property(k => k.KeyHash).HasMaxLength(64);
        kept.Property(k => k.RequestHash).HasMaxLength(64);
        kept.HasIndex(k => k.At);
    }
}
