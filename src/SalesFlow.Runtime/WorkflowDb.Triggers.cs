using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

public abstract partial class WorkflowDb
{
    /// <summary>What starts instances of published definitions; those with a due time are timers.</summary>
    public DbSet<TriggerRow> Triggers => Set<TriggerRow>();
    /// <summary>Where starts under an activation strategy take turns.</summary>
    public DbSet<ActivationRow> Activations => Set<ActivationRow>();
    /// <summary>Instances that other instances started.</summary>
    public DbSet<ChildRow> Children => Set<ChildRow>();

    private static void MapTriggers(ModelBuilder model)
    {
        model.Entity<TriggerRow>(table =>
        {
            table.ToTable("triggers").HasKey(row => row.Id);
            table.HasIndex(row => row.DefinitionId);
            table.HasIndex(row => new { row.Stimulus, row.Name });
            table.HasIndex(row => row.DueAt).HasFilter("due_at IS NOT NULL");
            // One address leads to one workflow, also when two servers publish in the same moment.
            table.HasIndex(row => row.Stimulus, "http_addresses").IsUnique().HasFilter($"name = '{HttpEndpointRules.EndpointType}'");
        });
        model.Entity<ActivationRow>(table =>
        {
            table.ToTable("activations").HasKey(row => row.Id);
            table.Property(row => row.Id).ValueGeneratedNever();
            table.Property(row => row.Version).HasDefaultValue(0L);
        });
        model.Entity<ChildRow>(table =>
        {
            table.ToTable("children").HasKey(row => row.ChildId);
            table.Property(row => row.ChildId).ValueGeneratedNever();
            table.HasIndex(row => new { row.ParentId, row.Number, row.Ordinal }).IsUnique();
        });
    }
}

/// <summary>An activity that starts instances of a published version. <paramref name="Fired"/> counts its firings, so that each due time starts one.</summary>
public sealed record TriggerRow(long Id, string DefinitionId, string VersionId, string ActivityId, string Name, string? Stimulus, string? Tag, DateTimeOffset? DueAt, long Fired);

/// <summary>A singleton's place: whoever starts an instance under that name raises the version. <paramref name="Id"/> is the name's hash.</summary>
public sealed record ActivationRow(long Id, string Name, long Version);

/// <summary>
/// An instance started by the effect <paramref name="Number"/> of another one, as its <paramref name="Ordinal"/>th child, once. <paramref name="Told"/> becomes 1 when the parent has heard of its end.
/// </summary>
public sealed record ChildRow(long ChildId, long ParentId, int Number, int Ordinal, long Told);
