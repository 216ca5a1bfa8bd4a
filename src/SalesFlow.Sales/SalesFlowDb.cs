using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Assignments;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Mentions;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Requests;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales;

/// <summary>
/// The tables of the product beside those of the runtime, so that a deal and its process commit together. What a turn changes is written by
/// the runtime; EF Core maps, migrates and queries.
/// </summary>
public abstract class SalesFlowDb(DbContextOptions options) : WorkflowDb(options)
{
    /// <summary>Deals.</summary>
    public DbSet<Deal> Deals => Set<Deal>();
    /// <summary>Clients.</summary>
    public DbSet<Client> Clients => Set<Client>();
    /// <summary>Tasks of people.</summary>
    public DbSet<SalesTask> Tasks => Set<SalesTask>();
    /// <summary>Stays of deals in stages.</summary>
    public DbSet<Visit> Visits => Set<Visit>();
    /// <summary>Issued documents.</summary>
    public DbSet<IssuedDocument> Documents => Set<IssuedDocument>();
    /// <summary>What issued documents say, apart from the rows that lists read.</summary>
    public DbSet<DocumentText> DocumentTexts => Set<DocumentText>();
    /// <summary>Numbers given out, and what for.</summary>
    public DbSet<DrawnNumber> DrawnNumbers => Set<DrawnNumber>();
    /// <summary>Last numbers given out.</summary>
    public DbSet<NumberSeries> NumberSeries => Set<NumberSeries>();
    /// <summary>Rules that deals passed without meeting them.</summary>
    public DbSet<PassedRule> PassedRules => Set<PassedRule>();
    /// <summary>Owners picked by the process, and why.</summary>
    public DbSet<AssignmentRecord> Assignments => Set<AssignmentRecord>();
    /// <summary>Terms put before those who decide on them.</summary>
    public DbSet<Approval> Approvals => Set<Approval>();
    /// <summary>Decisions on terms, by who gave them and when.</summary>
    public DbSet<GivenVote> GivenVotes => Set<GivenVote>();
    /// <summary>Links in letters by which approvers decide.</summary>
    public DbSet<ApprovalLink> ApprovalLinks => Set<ApprovalLink>();
    /// <summary>Booking links in letters to clients.</summary>
    public DbSet<Meetings.MeetingLink> MeetingLinks => Set<Meetings.MeetingLink>();
    /// <summary>Every version of every approval matrix.</summary>
    public DbSet<MatrixVersion> ApprovalMatrices => Set<MatrixVersion>();
    /// <summary>Notes that name somebody.</summary>
    public DbSet<Mention> Mentions => Set<Mention>();
    /// <summary>Letters on their way out, and those that went.</summary>
    public DbSet<OutgoingMail> Mails => Set<OutgoingMail>();
    /// <summary>What letters say.</summary>
    public DbSet<MailContent> MailContents => Set<MailContent>();
    /// <summary>Files that go with letters.</summary>
    public DbSet<MailFile> MailFiles => Set<MailFile>();
    /// <summary>Meetings with clients.</summary>
    public DbSet<Meeting> Meetings => Set<Meeting>();
    /// <summary>The time that meetings take of their hosts.</summary>
    public DbSet<BusyQuarter> BusyQuarters => Set<BusyQuarter>();
    /// <summary>What people were told.</summary>
    public DbSet<Notification> Notifications => Set<Notification>();
    /// <summary>People who may sign in.</summary>
    public DbSet<User> Users => Set<User>();
    /// <summary>Their roles.</summary>
    public DbSet<Role> Roles => Set<Role>();
    /// <summary>Who has which role.</summary>
    public DbSet<IdentityUserRole<long>> UserRoles => Set<IdentityUserRole<long>>();
    /// <summary>When people are away.</summary>
    public DbSet<Absence> Absences => Set<Absence>();
    /// <summary>Keys of machines.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    /// <summary>First answers to repeatable requests.</summary>
    public DbSet<KeptRequest> KeptRequests => Set<KeptRequest>();
    /// <summary>Every version of every template.</summary>
    public DbSet<TemplateVersion> Templates => Set<TemplateVersion>();
    /// <summary>Which shipped files have been taken in, and what they said.</summary>
    public DbSet<TakenSeed> Seeds => Set<TakenSeed>();
    /// <summary>What administrators set.</summary>
    public DbSet<Setting> Settings => Set<Setting>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(SalesFlowDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
            if (entity.ClrType.Assembly != typeof(WorkflowDb).Assembly)
                NameColumns(entity);
        DealKeysTable.Map(modelBuilder);
    }

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DealId>().HaveConversion<DealIdConverter>();
        configurationBuilder.Properties<TaskId>().HaveConversion<TaskIdConverter>();
        configurationBuilder.Properties<ClientId>().HaveConversion<ClientIdConverter>();
        configurationBuilder.Properties<DocumentId>().HaveConversion<DocumentIdConverter>();
        configurationBuilder.Properties<MeetingId>().HaveConversion<MeetingIdConverter>();
        configurationBuilder.Properties<ApprovalId>().HaveConversion<ApprovalIdConverter>();
        configurationBuilder.Properties<UserId>().HaveConversion<UserIdConverter>();
        // The functions of DealKeys take and give them.
        configurationBuilder.DefaultTypeMapping<DealId>().HasConversion<DealIdConverter>();
        configurationBuilder.DefaultTypeMapping<TaskId>().HasConversion<TaskIdConverter>();
    }

    private static void NameColumns(IMutableEntityType entity)
    {
        foreach (var property in entity.GetProperties())
            property.SetColumnName(Snake(property.GetColumnName()));
    }

    /// <summary>DueAt becomes due_at.</summary>
    internal static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (var c in name)
            if (char.IsUpper(c)) (snake.Length > 0 && snake[^1] != '_' ? snake.Append('_') : snake).Append(char.ToLowerInvariant(c));
            else snake.Append(c);
        return snake.ToString();
    }
}
