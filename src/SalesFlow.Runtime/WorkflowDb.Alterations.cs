using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Runtime;

public abstract partial class WorkflowDb
{
    /// <summary>Alterations that were asked for by a filter.</summary>
    public DbSet<AlterationPlanRow> AlterationPlans => Set<AlterationPlanRow>();
    /// <summary>What became of each instance that a plan met.</summary>
    public DbSet<AlterationJobRow> AlterationJobs => Set<AlterationJobRow>();

    private static void MapAlterations(ModelBuilder model)
    {
        model.Entity<AlterationPlanRow>(table =>
        {
            table.ToTable("alteration_plans").HasKey(row => row.Id);
            table.Property(row => row.Id).ValueGeneratedNever();
        });
        model.Entity<AlterationJobRow>().ToTable("alteration_jobs").HasKey(row => new { row.PlanId, row.InstanceId });
    }
}

/// <summary>Alterations and the filter that chose instances for them, both as JSON; done when it has a <paramref name="CompletedAt"/>.</summary>
public sealed record AlterationPlanRow(long Id, string Alterations, string Filter, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt);

/// <summary>One instance of a plan. <paramref name="Status"/> counts up: waiting, running, completed, failed.</summary>
public sealed record AlterationJobRow(long PlanId, long InstanceId, int Status, string? Log, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt);
