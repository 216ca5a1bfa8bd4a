using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

public sealed partial class DefinitionStore
{
    private const int Attempts = 3;

    /// <summary>An id as Elsa gives them.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>
    /// Keeps a draft, however incomplete: over the latest version while that is a draft nothing has run, else as the next one. The document's id is the version
    /// that the editor had before them and <paramref name="seen"/> its revision. Throws <see cref="RefusedException"/> when somebody else was faster.
    /// </summary>
    public Task<DefinitionRow> SaveDraftAsync(JsonObject document, Editor editor, int? seen, CancellationToken cancel) => WriteAsync(async db =>
    {
        document["definitionId"] = document.Text("definitionId") ?? NewId();
        var versions = await VersionsAsync(db, document.Text("definitionId")!, cancel);
        return await SaveAsync(db, document, versions, editor, document.Text("id"), seen, cancel);
    }, cancel);

    /// <summary>
    /// Keeps imported documents, all or none: the first of its definition under the ids it brings, later ones as the next version. What is there already is not kept
    /// twice. Nothing is published. Throws <see cref="BrokenDefinitionException"/> for what could not even be drawn: two activities with one id, a definition inside itself.
    /// </summary>
    public Task<IReadOnlyList<DefinitionRow>> ImportAsync(IReadOnlyList<JsonObject> documents, Editor editor, CancellationToken cancel) => WriteAsync(async db =>
    {
        var rows = new List<DefinitionRow>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var document in documents)
            rows.Add(await ImportAsync(db, document, editor, cancel));
        await RefuseCirclesAsync(db, rows, cancel);
        await transaction.CommitAsync(cancel);
        return (IReadOnlyList<DefinitionRow>)rows;
    }, cancel);

    /// <summary>Begins a draft that says what an older version said; null when there is no such version.</summary>
    public Task<DefinitionRow?> RevertAsync(string definitionId, int version, Editor editor, CancellationToken cancel) => WriteAsync(async db =>
    {
        var versions = await VersionsAsync(db, definitionId, cancel);
        if (versions.Find(version) is not { } old || versions.Latest is not { } latest)
            return null;
        DefinitionVersions.RefuseWhenReadonly(latest);
        var document = DefinitionDocument.Parse(old.Document);
        document.Remove("id");
        return (DefinitionRow?)await BeginAsync(db, document, new SavePlan.Begin(versions.Next, latest), editor, cancel, old.CreatedAt);
    }, cancel);

    private async Task<DefinitionRow> ImportAsync(WorkflowDb db, JsonObject document, Editor editor, CancellationToken cancel)
    {
        document["definitionId"] = document.Text("definitionId") ?? NewId();
        if (DefinitionReader.DoubledIds(DefinitionDocument.Write(document), catalogue) is { Count: > 0 } doubled)
            throw new BrokenDefinitionException(document.Text("name") ?? document.Text("definitionId")!, doubled, document);
        var versions = await VersionsAsync(db, document.Text("definitionId")!, cancel);
        if (versions.Latest is not { } latest)
            return await BeginAsync(db, document, new SavePlan.Begin(document["version"] is JsonValue number && number.TryGetValue(out int version) && version > 0 ? version : 1, null), editor, cancel,
                document["createdAt"] is JsonValue at && at.TryGetValue(out DateTimeOffset made) && made.Year > 1 ? made.ToUniversalTime() : null);
        DefinitionVersions.RefuseWhenReadonly(latest);
        return DefinitionDocument.SaysTheSame(DefinitionDocument.Parse(latest.Document), document) ? latest
            : await BeginAsync(db, document, new SavePlan.Begin(versions.Next, latest), editor, cancel);
    }

    private async Task<DefinitionRow> SaveAsync(WorkflowDb db, JsonObject document, DefinitionVersions versions, Editor editor, string? basedOn, int? seen, CancellationToken cancel)
    {
        var hasRun = versions.Latest is { } latest && await db.Instances.AnyAsync(row => row.DefinitionVersionId == latest.VersionId, cancel);
        var plan = versions.Save(editor, basedOn, seen, hasRun);
        return plan is SavePlan.Overwrite over ? await OverwriteAsync(db, over.Draft, document, editor, cancel) : await BeginAsync(db, document, (SavePlan.Begin)plan, editor, cancel);
    }

    private async Task<DefinitionRow> OverwriteAsync(WorkflowDb db, DefinitionRow draft, JsonObject document, Editor editor, CancellationToken cancel)
    {
        var row = RowOf(document, draft.VersionId, draft.DefinitionId, draft.Version, editor) with { CreatedAt = draft.CreatedAt, Revision = draft.Revision + 1, IsLatest = true };
        Update(db, row, draft.Revision);
        await db.SaveChangesAsync(cancel);
        _compiled.TryRemove(row.VersionId, out _);
        return row;
    }

    private async Task<DefinitionRow> BeginAsync(WorkflowDb db, JsonObject document, SavePlan.Begin plan, Editor editor, CancellationToken cancel, DateTimeOffset? createdAt = null)
    {
        var given = document.Text("id");
        var versionId = given is not null && !await db.Definitions.AnyAsync(row => row.VersionId == given, cancel) ? given : NewId();
        var row = RowOf(document, versionId, document.Text("definitionId")!, plan.Version, editor) with { IsLatest = true };
        if (createdAt is { } at)
            row = row with { CreatedAt = at };
        if (plan.Before is { } before)
            Update(db, before with { IsLatest = false, Revision = before.Revision + 1 }, before.Revision);
        db.Add(row);
        await db.SaveChangesAsync(cancel);
        return row;
    }

    private DefinitionRow RowOf(JsonObject received, string versionId, string definitionId, int version, Editor editor)
    {
        var document = DefinitionDocument.Kept(received, versionId, definitionId, version);
        var (name, description) = (document.Text("name"), document.Text("description"));
        var options = document["options"] as JsonObject;
        return new DefinitionRow(versionId, definitionId, version, name, false, false, DefinitionDocument.Write(document), clock.GetUtcNow())
        {
            Description = description, ToolVersion = document.Text("toolVersion"), IsReadonly = document.Flag("isReadonly"), IsSystem = document.Flag("isSystem"),
            UsableAsActivity = options?["usableAsActivity"] is JsonValue ? options.Flag("usableAsActivity") : document.Flag("usableAsActivity"),
            Uses = DefinitionDocument.UsedIds(document) is { Count: > 0 } used ? $"\n{string.Join('\n', used)}\n" : "", Search = $"{name}\n{description}\n{definitionId}\n{versionId}".ToLowerInvariant(),
            Revision = 1, ChangedById = editor.Id, ChangedByName = editor.Name,
        };
    }

    private static async Task<DefinitionVersions> VersionsAsync(WorkflowDb db, string definitionId, CancellationToken cancel) =>
        new(await db.Definitions.AsNoTracking().Where(row => row.DefinitionId == definitionId).ToListAsync(cancel));

    /// <summary>Writes a row over what it was at that revision.</summary>
    private static void Update(WorkflowDb db, DefinitionRow row, int revision) => db.Update(row).Property(it => it.Revision).OriginalValue = revision;

    /// <summary>One writer at a time on this server; when another server was first, everything is looked at anew.</summary>
    private async Task<T> WriteAsync<T>(Func<WorkflowDb, Task<T>> write, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                await using var db = await databases.CreateDbContextAsync(cancel);
                try
                {
                    return await write(db);
                }
                catch (DbUpdateException) when (attempt < Attempts)
                {
                    _published.Clear();
                }
            }
        }
        finally
        {
            Interlocked.Increment(ref _generation);
            _writing.Release();
        }
    }
}
