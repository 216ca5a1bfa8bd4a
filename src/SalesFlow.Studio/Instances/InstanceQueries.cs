using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Reads instances for Elsa's API.</summary>
internal sealed class InstanceQueries(IDbContextFactory<WorkflowDb> databases, DefinitionStore definitions, Journals journals)
{
    private readonly InstanceList _list = new(databases);

    /// <summary>A page of the instances that fit, and how many fit.</summary>
    public Task<(IReadOnlyList<InstanceRow> Rows, long Total)> ListAsync(InstanceFilter filter, InstanceOrder order, PageAsked page, CancellationToken cancel) => _list.PageAsync(filter, order, page, cancel);

    /// <summary>Ids of the instances that fit.</summary>
    public async Task<IReadOnlyList<InstanceId>> IdsAsync(InstanceFilter filter, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ids = await (await filter.ApplyAsync(db, cancel)).OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(cancel);
        return [.. ids.Select(id => new InstanceId(id))];
    }

    /// <summary>An instance's row in the list, or null.</summary>
    public async Task<InstanceRow?> HeadAsync(InstanceId? id, CancellationToken cancel)
    {
        if (id is not { Value: var value })
            return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Instances.AsNoTracking().SingleOrDefaultAsync(row => row.Id == value, cancel);
    }

    /// <summary>Everything about an instance, or null.</summary>
    public async Task<SeenInstance?> FindAsync(InstanceId? id, CancellationToken cancel)
    {
        if (id is not { Value: var value })
            return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await db.Instances.AsNoTracking().Where(row => row.Id == value).Join(db.States, row => row.Id, state => state.InstanceId, (row, state) => new { Row = row, state.State }).SingleOrDefaultAsync(cancel);
        return found is null ? null
            : new SeenInstance(found.Row, InstanceState.FromBytes(found.State), await DefinitionAsync(found.Row.DefinitionVersionId, cancel), await journals.OpenAsync(found.Row, cancel));
    }

    /// <summary>An instance and what is known of its journal; null when there is no such instance.</summary>
    public async Task<(InstanceHead Head, Ledger Ledger)?> JournalAsync(InstanceId? id, CancellationToken cancel) =>
        await HeadAsync(id, cancel) is { } row ? (new InstanceHead(row, await DefinitionAsync(row.DefinitionVersionId, cancel)), await journals.OpenAsync(row, cancel)) : null;

    /// <summary>The lines of the wanted turns of an instance, oldest first.</summary>
    public IAsyncEnumerable<(LedgerTurn Turn, IReadOnlyList<JournalEntry> Lines)> LinesAsync(InstanceRow row, Ledger ledger, Func<LedgerTurn, bool> wanted, CancellationToken cancel) =>
        journals.ReadAsync(row, ledger, wanted, cancel);

    /// <summary>Every line of an instance's journal: for files.</summary>
    public async Task<IReadOnlyList<JournalEntry>> AllLinesAsync(SeenInstance instance, CancellationToken cancel) =>
        [.. (await journals.ReadAsync(instance.Row, instance.Ledger, _ => true, cancel).ToListAsync(cancel)).SelectMany(turn => turn.Lines)];

    private async Task<WorkflowDefinition?> DefinitionAsync(string versionId, CancellationToken cancel)
    {
        try
        {
            return await definitions.VersionAsync(versionId, cancel);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }
}
