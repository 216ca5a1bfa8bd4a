using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Notifications;

/// <summary>The table of what people are told.</summary>
internal sealed class NotificationTable : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> notification)
    {
        notification.ToTable("notifications").HasKey(n => n.Id);
        notification.Property(n => n.Id).ValueGeneratedOnAdd();
        notification.HasIndex(n => new { n.Person, n.Id });
        notification.HasIndex(n => n.MailDue).HasFilter("mail_due IS NOT NULL").HasDatabaseName("ix_notifications_mail_due");
        // The sweep for stages that are over their limit asks of each deal whether that was told already.
        notification.HasIndex(n => new { n.DealId, n.Kind }).HasFilter("deal_id IS NOT NULL");
        notification.HasIndex(n => new { n.TaskId, n.Kind }).HasFilter("task_id IS NOT NULL");
    }
}
