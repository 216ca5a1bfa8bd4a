using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Tasks;

/// <summary>The table of tasks. The inbox reads open ones only, so its indexes hold nothing else.</summary>
internal sealed class TaskTable : IEntityTypeConfiguration<SalesTask>
{
    /// <summary>Column the lists are ordered by: the due time in microseconds, the largest number when there is none. The two databases sort nulls differently.</summary>
    public const string DueOrder = "DueOrder";

    public void Configure(EntityTypeBuilder<SalesTask> task)
    {
        task.ToTable("tasks");
        task.HasKey(t => t.Id);
        task.Property(t => t.Id).ValueGeneratedNever();
        task.Property<long>(DueOrder);
        task.Property(t => t.Title).HasConversion(t => Json.Write(t), text => Texts.Read(text));
        task.Property(t => t.Description).HasConversion(t => Json.Write(t), text => Texts.Read(text));
        task.Property(t => t.Outcomes).HasConversion(o => Json.Write(o),
            text => Json.Read<List<TaskOutcome>>(text), Json.Comparer<List<TaskOutcome>>());
        task.Property(t => t.Form).HasConversion(f => Json.Write(f),
            text => Json.Read<List<FormField>>(text), Json.Comparer<List<FormField>>());
        task.Property(t => t.WaitedSeconds).HasDefaultValue(0L);
        task.Ignore(t => t.IsApproval);
        // What is asked for stands first and what is long stands last: SQLite reads a row no further than it must.
        task.Metadata.LongLast(nameof(SalesTask.Title), nameof(SalesTask.Description), nameof(SalesTask.Outcomes), nameof(SalesTask.Form));
        task.HasIndex(nameof(SalesTask.Assignee), DueOrder, nameof(SalesTask.Id)).HasFilter("status = 0").HasDatabaseName("ix_tasks_open_by_assignee");
        task.HasIndex(DueOrder, nameof(SalesTask.Id)).HasFilter("status = 0").HasDatabaseName("ix_tasks_open");
    }
}
