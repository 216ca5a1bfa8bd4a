using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Runtime;

public abstract partial class WorkflowDb
{
    /// <summary>Versions of definitions.</summary>
    public DbSet<DefinitionRow> Definitions => Set<DefinitionRow>();
    /// <summary>Instances, without what they remember.</summary>
    public DbSet<InstanceRow> Instances => Set<InstanceRow>();
    /// <summary>What instances remember.</summary>
    public DbSet<StateRow> States => Set<StateRow>();
    /// <summary>Where instances wait; those with a due time are the timers.</summary>
    public DbSet<BookmarkRow> Bookmarks => Set<BookmarkRow>();
    /// <summary>One row a turn.</summary>
    public DbSet<JournalRow> Journal => Set<JournalRow>();
    /// <summary>What went wrong.</summary>
    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();
    /// <summary>Effects that are still to be performed.</summary>
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();
    /// <summary>Events that nobody waited for yet.</summary>
    public DbSet<KeptEventRow> KeptEvents => Set<KeptEventRow>();
    /// <summary>Where the next block of ids begins.</summary>
    public DbSet<IdBlockRow> IdBlocks => Set<IdBlockRow>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DefinitionRow>(table =>
        {
            table.ToTable("definitions").HasKey(row => row.VersionId);
            table.HasIndex(row => new { row.DefinitionId, row.Version }).IsUnique();
            // Lists show one version of each definition, and there are very many others. SQLite uses no index for a column that is only named in a condition.
            table.HasIndex(row => row.Search, "latest_definitions").HasFilter("is_latest");
            table.HasIndex(row => row.Search, "published_definitions").HasFilter("is_published");
            table.HasIndex(row => row.Search, "shown_definitions").HasFilter("is_latest OR is_published");
            table.Property(row => row.Revision).IsConcurrencyToken();
            // A list reads the rows' beginnings only.
            table.Metadata.LongLast(nameof(DefinitionRow.Document));
        });
        modelBuilder.Entity<InstanceRow>(table =>
        {
            table.ToTable("instances").HasKey(row => row.Id);
            table.HasIndex(row => row.DefinitionVersionId);
            table.Property(row => row.Id).ValueGeneratedNever();
            // Lists are found by looking at each row; what is short comes first.
            var place = 0;
            foreach (var column in (string[])["Id", "Status", "SubStatus", "Incidents", "DefinitionVersion", "Version", "CreatedAt", "UpdatedAt", "FinishedAt", "DefinitionId", "DefinitionVersionId", "CorrelationId", "Name", "Search"])
                table.Property(column).HasColumnOrder(place++);
        });
        modelBuilder.Entity<StateRow>(table =>
        {
            table.ToTable("states").HasKey(row => row.InstanceId);
            table.Property(row => row.InstanceId).ValueGeneratedNever();
        });
        modelBuilder.Entity<BookmarkRow>(table =>
        {
            table.ToTable("bookmarks").HasKey(row => new { row.InstanceId, row.Number });
            table.HasIndex(row => row.DueAt).HasFilter("due_at IS NOT NULL");
            table.HasIndex(row => new { row.Stimulus, row.Name }).HasFilter("stimulus IS NOT NULL");
        });
        MapTriggers(modelBuilder);
        MapAlterations(modelBuilder);
        modelBuilder.Entity<JournalRow>().ToTable("journal").HasKey(row => new { row.InstanceId, row.Turn });
        modelBuilder.Entity<IncidentRow>().ToTable("incidents").HasKey(row => new { row.InstanceId, row.Number });
        modelBuilder.Entity<OutboxRow>(table =>
        {
            table.ToTable("outbox").HasKey(row => new { row.InstanceId, row.Number });
            table.HasIndex(row => row.NotBefore);
        });
        modelBuilder.Entity<KeptEventRow>(table =>
        {
            table.ToTable("kept_events").HasKey(row => row.Id);
            table.Property(row => row.Id).ValueGeneratedNever();
            table.HasIndex(row => row.Name);
            table.HasIndex(row => row.ExpiresAt);
        });
        modelBuilder.Entity<IdBlockRow>().ToTable("id_blocks").HasKey(row => row.Name);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(entity => entity.ClrType.Assembly == typeof(WorkflowDb).Assembly))
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Snake(property.Name));
    }

    /// <summary>DueAt becomes due_at.</summary>
    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}

/// <summary>One version of a definition; the document is kept as received, and what lists ask for stands beside it.</summary>
public sealed record DefinitionRow(string VersionId, string DefinitionId, int Version, string? Name, bool IsLatest, bool IsPublished, string Document, DateTimeOffset CreatedAt)
{
    /// <summary>One line for people.</summary>
    public string? Description { get; init; }
    /// <summary>The version of the program that wrote the document.</summary>
    public string? ToolVersion { get; init; }
    /// <summary>May not be changed through the API.</summary>
    public bool IsReadonly { get; init; }
    /// <summary>Left out of lists that do not ask for it.</summary>
    public bool IsSystem { get; init; }
    /// <summary>May stand as an activity in other definitions.</summary>
    public bool UsableAsActivity { get; init; }
    /// <summary>Ids of the definitions that it uses, each between line ends.</summary>
    public string Uses { get; init; } = "";
    /// <summary>What a search term is looked for in, in small letters; begins with the name and sorts like it.</summary>
    public string Search { get; init; } = "";
    /// <summary>Counts the saves of this version, so that nobody writes over what they have not seen.</summary>
    public int Revision { get; init; }
    /// <summary>Who saved it last.</summary>
    public string ChangedById { get; init; } = "";
    /// <summary>Their name.</summary>
    public string ChangedByName { get; init; } = "";
}

/// <summary>An instance, as lists show it. <paramref name="Search"/> is what a search term is looked for in: name and correlation id in small letters.</summary>
public sealed record InstanceRow(long Id, string DefinitionId, string DefinitionVersionId, int DefinitionVersion, int Status, int SubStatus, string? CorrelationId, string? Name, string? Search, int Incidents, long Version,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>In small letters here, because SQLite knows only those of English.</summary>
    internal static string? Searched(string? name, string? correlationId) =>
        name is null ? correlationId?.ToLowerInvariant() : correlationId is null ? name.ToLowerInvariant() : $"{name}\n{correlationId}".ToLowerInvariant();
}

/// <summary>What an instance remembers, apart from the row that lists read.</summary>
public sealed record StateRow(long InstanceId, byte[] State);

/// <summary>Where an instance waits.</summary>
public sealed record BookmarkRow(long InstanceId, int Number, string Name, string? Stimulus, DateTimeOffset? DueAt);

/// <summary>
/// What happened in one turn; <paramref name="Entries"/> is read by <see cref="JournalPack"/>. <paramref name="Tells"/>: it holds something that people are told.
/// </summary>
public sealed record JournalRow(long InstanceId, long Turn, DateTimeOffset At, byte[] Entries, bool Tells);

/// <summary>Something that went wrong in an instance.</summary>
public sealed record IncidentRow(long InstanceId, int Number, string ActivityId, string NodeId, string Message, DateTimeOffset At);

/// <summary>An effect to be performed; gone once it is.</summary>
public sealed record OutboxRow(long InstanceId, int Number, string Kind, string Body, int? AnswerBookmark, int Attempts, DateTimeOffset NotBefore, string? LastError);

/// <summary>An event told before anyone waited for it.</summary>
public sealed record KeptEventRow(long Id, string Name, string? CorrelationId, long? InstanceId, string? Payload, DateTimeOffset ExpiresAt);

/// <summary>The first id of a sequence that no server has taken.</summary>
public sealed record IdBlockRow(string Name, long Next);
