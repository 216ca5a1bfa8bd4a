using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.People;

/// <summary>A machine's key: only its hash is stored, so a stolen database opens no door.</summary>
public sealed class ApiKey
{
    /// <summary>Id of the key.</summary>
    public long Id { get; set; }
    /// <summary>SHA-256 of the key, in hex.</summary>
    public string Hash { get; set; } = "";
    /// <summary>As whom its bearer acts.</summary>
    public long OwnerId { get; set; }
    /// <summary>What it is for.</summary>
    public string Name { get; set; } = "";
    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
    /// <summary>When it ended; null while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>The tables of people, as ASP.NET Core Identity's stores expect them, mapped by hand so that Sales needs no web packages.</summary>
internal sealed class UserTable : IEntityTypeConfiguration<User>, IEntityTypeConfiguration<Role>, IEntityTypeConfiguration<IdentityUserRole<long>>,
    IEntityTypeConfiguration<IdentityUserClaim<long>>, IEntityTypeConfiguration<IdentityUserLogin<long>>, IEntityTypeConfiguration<IdentityUserToken<long>>,
    IEntityTypeConfiguration<IdentityRoleClaim<long>>, IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users");
        user.HasKey(u => u.Id);
        user.HasIndex(u => u.NormalizedUserName).IsUnique();
        user.HasIndex(u => u.NormalizedEmail);
        user.Property(u => u.ConcurrencyStamp).IsConcurrencyToken();
        user.Property(u => u.UserName).HasMaxLength(256);
        user.Property(u => u.NormalizedUserName).HasMaxLength(256);
        user.Property(u => u.Email).HasMaxLength(256);
        user.Property(u => u.NormalizedEmail).HasMaxLength(256);
        user.HasMany<IdentityUserClaim<long>>().WithOne().HasForeignKey(c => c.UserId).IsRequired();
        user.HasMany<IdentityUserLogin<long>>().WithOne().HasForeignKey(l => l.UserId).IsRequired();
        user.HasMany<IdentityUserToken<long>>().WithOne().HasForeignKey(t => t.UserId).IsRequired();
        user.HasMany<IdentityUserRole<long>>().WithOne().HasForeignKey(r => r.UserId).IsRequired();
    }

    public void Configure(EntityTypeBuilder<Role> role)
    {
        role.ToTable("roles");
        role.HasKey(r => r.Id);
        role.HasIndex(r => r.NormalizedName).IsUnique();
        role.Property(r => r.ConcurrencyStamp).IsConcurrencyToken();
        role.HasMany<IdentityUserRole<long>>().WithOne().HasForeignKey(r => r.RoleId).IsRequired();
        role.HasMany<IdentityRoleClaim<long>>().WithOne().HasForeignKey(c => c.RoleId).IsRequired();
    }

    public void Configure(EntityTypeBuilder<IdentityUserRole<long>> userRole)
    {
        userRole.ToTable("user_roles");
        userRole.HasKey(r => new { r.UserId, r.RoleId });
    }

    public void Configure(EntityTypeBuilder<IdentityUserClaim<long>> claim) => claim.ToTable("user_claims").HasKey(c => c.Id);

    public void Configure(EntityTypeBuilder<IdentityUserLogin<long>> login) => login.ToTable("user_logins").HasKey(l => new { l.LoginProvider, l.ProviderKey });

    public void Configure(EntityTypeBuilder<IdentityUserToken<long>> token) => token.ToTable("user_tokens").HasKey(t => new { t.UserId, t.LoginProvider, t.Name });

    public void Configure(EntityTypeBuilder<IdentityRoleClaim<long>> claim) => claim.ToTable("role_claims").HasKey(c => c.Id);

    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys");
        key.HasIndex(k => k.Hash).IsUnique();
        key.Property(k => k.Hash).HasMaxLength(64);
        key.HasOne<User>().WithMany().HasForeignKey(k => k.OwnerId);
    }
}
