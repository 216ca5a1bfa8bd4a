using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Mails;

/// <summary>The tables of letters; what they say and their files stand apart from the rows that lists read.</summary>
internal sealed class MailTable : IEntityTypeConfiguration<OutgoingMail>, IEntityTypeConfiguration<MailContent>, IEntityTypeConfiguration<MailFile>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> mail)
    {
        mail.ToTable("mails").HasKey(m => m.Id);
        mail.Property(m => m.Id).ValueGeneratedOnAdd();
        // Under one key one letter is written, whoever tries twice.
        mail.HasIndex(m => m.Key).IsUnique();
        mail.HasIndex(m => m.NextTry).HasFilter("status = 0").HasDatabaseName("ix_mails_due");
        mail.HasIndex(m => new { m.DealId, m.Id });
        mail.HasIndex(m => m.OpeningHash).IsUnique();
        mail.HasIndex(m => new { m.Person, m.Id });
    }

    public void Configure(EntityTypeBuilder<MailContent> content)
    {
        content.ToTable("mail_contents").HasKey(c => c.MailKey);
        content.Property(c => c.MailKey).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<MailFile> file) => file.ToTable("mail_files").HasKey(f => new { f.MailKey, f.Number });
}
