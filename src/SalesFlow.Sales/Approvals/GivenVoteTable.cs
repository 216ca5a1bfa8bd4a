using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Approvals;

/// <summary>The table of decisions; it is read by person, the latest first.</summary>
internal sealed class GivenVoteTable : IEntityTypeConfiguration<GivenVote>
{
    public void Configure(EntityTypeBuilder<GivenVote> vote)
    {
        vote.ToTable("approval_votes").HasKey(v => v.TaskId);
        vote.Property(v => v.TaskId).ValueGeneratedNever();
        vote.HasIndex(v => new { v.Person, v.At });
    }
}
