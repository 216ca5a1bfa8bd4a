using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>How a list of instances is sorted.</summary>
internal sealed record InstanceOrder(InstanceColumn? By, OrderDirection? Direction)
{
    /// <summary>Ids at the end of the table among which a page is looked for first.</summary>
    private const int Nearest = 5_000;

    private bool Descending => Direction is null ? By is not InstanceColumn.Name : Direction == OrderDirection.Descending;

    /// <summary>The rows are found one after the other, in the order in which they are stored.</summary>
    public bool IsByAge => By is null or InstanceColumn.Created;

    /// <summary>Of rows that are sorted by age, those that come after the one with that id.</summary>
    public IQueryable<InstanceRow> Beyond(IQueryable<InstanceRow> rows, long id) => Descending ? rows.Where(row => row.Id < id) : rows.Where(row => row.Id > id);

    /// <summary>The rows of that end of the table where the first ones most likely are: what was created last has also run last.</summary>
    public IQueryable<InstanceRow> Near(IQueryable<InstanceRow> rows, long first, long last) =>
        Descending ? rows.Where(row => row.Id > last - Nearest) : rows.Where(row => row.Id < first + Nearest);

    /// <summary>At least the rows that come before <paramref name="last"/>, and that one. Of names, databases do not agree where an absent one stands.</summary>
    public IQueryable<InstanceRow> UpTo(IQueryable<InstanceRow> rows, InstanceRow last)
    {
        var descending = Descending;
        return (By, last) switch
        {
            (InstanceColumn.LastExecuted, { UpdatedAt: var at }) => descending ? rows.Where(row => row.UpdatedAt >= at) : rows.Where(row => row.UpdatedAt <= at),
            (InstanceColumn.Finished, { FinishedAt: { } at }) => descending ? rows.Where(row => row.FinishedAt >= at) : rows.Where(row => row.FinishedAt == null || row.FinishedAt <= at),
            (InstanceColumn.Finished, _) when !descending => rows.Where(row => row.FinishedAt == null),
#pragma warning disable CA1309 // The database compares, in its own way.
            (InstanceColumn.Name, { Name: { } name }) => descending ? rows.Where(row => row.Name == null || string.Compare(row.Name, name) >= 0) : rows.Where(row => row.Name == null || string.Compare(row.Name, name) <= 0),
#pragma warning restore CA1309
            _ => rows,
        };
    }

    public IQueryable<InstanceRow> Apply(IQueryable<InstanceRow> rows)
    {
        var descending = Descending;
        return By switch
        {
            InstanceColumn.LastExecuted => descending ? rows.OrderByDescending(row => row.UpdatedAt).ThenByDescending(row => row.Id) : rows.OrderBy(row => row.UpdatedAt).ThenBy(row => row.Id),
            // What runs on has not finished yet: as on SQLite it stands before all that has, and behind it when the latest are wanted first.
            InstanceColumn.Finished => descending
                ? rows.OrderByDescending(row => row.FinishedAt != null).ThenByDescending(row => row.FinishedAt).ThenByDescending(row => row.Id)
                : rows.OrderBy(row => row.FinishedAt != null).ThenBy(row => row.FinishedAt).ThenBy(row => row.Id),
            InstanceColumn.Name => descending ? rows.OrderByDescending(row => row.Name).ThenByDescending(row => row.Id) : rows.OrderBy(row => row.Name).ThenBy(row => row.Id),
            // Ids are given out in order of creation, in small blocks to each server: the primary key sorts without an index of its own.
            _ => descending ? rows.OrderByDescending(row => row.Id) : rows.OrderBy(row => row.Id),
        };
    }

    /// <summary>By age, and the database does not see that its key would sort.</summary>
    public IQueryable<InstanceRow> Unindexed(IQueryable<InstanceRow> rows) => Descending ? rows.OrderBy(row => -row.Id) : rows.OrderByDescending(row => -row.Id);

    /// <summary>Rows that were read, in the order of SQLite: absent values come first, and letters by their numbers.</summary>
    public IEnumerable<InstanceRow> Sorted(IEnumerable<InstanceRow> rows)
    {
        var sorted = By switch
        {
            InstanceColumn.LastExecuted => rows.OrderBy(row => row.UpdatedAt).ThenBy(row => row.Id),
            InstanceColumn.Finished => rows.OrderBy(row => row.FinishedAt).ThenBy(row => row.Id),
            InstanceColumn.Name => rows.OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Id),
            _ => rows.OrderBy(row => row.Id),
        };
        return Descending ? sorted.Reverse() : sorted;
    }
}

/// <summary>Columns that a list can be sorted by, as Elsa names them.</summary>
internal enum InstanceColumn { Created, LastExecuted, Finished, Name }
