using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

public sealed partial class DefinitionStore
{
    /// <summary>Looks a document over as publishing would, and keeps nothing. Throws <see cref="BrokenDefinitionException"/> when it has errors.</summary>
    public async Task<(WorkflowDefinition Definition, ImmutableArray<string> Warnings)> CheckAsync(JsonObject document, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (definition, warnings) = await CheckedAsync(db, document, cancel);
        return (definition, [.. warnings.Select(warning => DefinitionDocument.InWords(document, warning))]);
    }

    /// <summary>
    /// Publishes the document as the next version, as long as <paramref name="replaced"/> is the published one still; null when it no longer is. A draft that
    /// somebody has begun stays the latest version; <paramref name="redraw"/> makes the same change in it.
    /// </summary>
    public Task<Publication?> ReplaceAsync(JsonObject document, string replaced, Action<JsonObject> redraw, Editor editor, CancellationToken cancel) => WriteAsync(async db =>
    {
        document["definitionId"] = document.Text("definitionId") ?? NewId();
        var versions = await VersionsAsync(db, document.Text("definitionId")!, cancel);
        if (versions.Published?.VersionId != replaced || versions.Latest is not { } latest)
            return null;
        DefinitionVersions.RefuseWhenReadonly(latest);
        await CheckedAsync(db, document, cancel);
        document.Remove("id");
        var (row, _, warnings) = await PublishAsync(db, await BeginAsync(db, document, new SavePlan.Begin(versions.Next, latest), editor, cancel), editor, cancel);
        if (!latest.IsPublished)
            await RedrawAsync(db, latest, row, redraw, editor, cancel);
        var followed = ConsumersFollow(row) ? await FollowAsync(db, row, null, editor, cancel) : [];
        return new Publication(row, false, followed, [.. warnings.Select(warning => DefinitionDocument.InWords(document, warning))]);
    }, cancel);

    private async Task RedrawAsync(WorkflowDb db, DefinitionRow draft, DefinitionRow published, Action<JsonObject> redraw, Editor editor, CancellationToken cancel)
    {
        var document = DefinitionDocument.Parse(draft.Document);
        redraw(document);
        document.Remove("id");
        db.ChangeTracker.Clear();
        await BeginAsync(db, document, new SavePlan.Begin(published.Version + 1, published), editor, cancel);
    }
}
