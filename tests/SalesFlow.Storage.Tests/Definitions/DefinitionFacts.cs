using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Runtime;
using SalesFlow.Storage.Tests.Turns;

namespace SalesFlow.Storage.Tests.Definitions;

/// <summary>How versions of definitions follow each other, on both databases; written once.</summary>
public abstract class DefinitionFacts : IAsyncLifetime
{
    private static readonly Editor Anna = new("1", "Anna"), Boris = new("2", "Boris");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private Host _server = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _server = new Host(await DatabaseAsync(), _clock);
        await using var db = _server.Open();
        await Schema.UpdateAsync(db, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private DefinitionStore Store => _server.Definitions;

    [Fact]
    public async Task A_draft_is_written_over_until_it_is_published_and_then_the_next_version_begins()
    {
        var first = await SaveAsync(Document("hello", "one"), Anna);
        var second = await SaveAsync(Document("hello", "two", first.VersionId), Anna);
        await Store.PublishLatestAsync("hello", Anna, default);
        var third = await SaveAsync(Document("hello", "three", first.VersionId), Anna);

        Assert.Equal((first.VersionId, 1), (second.VersionId, second.Version));
        Assert.NotEqual(first.VersionId, third.VersionId);
        Assert.Equal(["1 published", "2 latest"], await VersionsAsync("hello"));
        Assert.Contains("\"two\"", (await Store.PublishedAsync("hello", default)).Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_takes_the_place_of_the_version_before()
    {
        await PublishAsync(Document("hello", "one"));
        await SaveAsync(Document("hello", "two"), Anna);

        var published = await Store.PublishLatestAsync("hello", Anna, default);
        var again = await Store.PublishLatestAsync("hello", Anna, default);

        Assert.Equal((false, true), (published!.WasPublished, again!.WasPublished));
        Assert.Equal(["1", "2 latest published"], await VersionsAsync("hello"));
        Assert.Null(await Store.PublishLatestAsync("nobody", Anna, default));
    }

    [Fact]
    public async Task A_broken_draft_is_kept_and_not_published()
    {
        await PublishAsync(Document("hello", "one"));
        await SaveAsync(new JsonObject { ["definitionId"] = "hello", ["root"] = new JsonObject { ["id"] = "steps", ["type"] = "Elsa.Sequence", ["activities"] = new JsonArray(Line("a", "x"), Line("a", "y")) } }, Anna);

        var refused = await Assert.ThrowsAsync<BrokenDefinitionException>(() => Store.PublishLatestAsync("hello", Anna, default));

        Assert.StartsWith("Line a: ", refused.Words.Single(), StringComparison.Ordinal);
        Assert.Equal(["1 published", "2 latest"], await VersionsAsync("hello"));
    }

    [Fact]
    public async Task A_definition_that_uses_itself_is_never_published()
    {
        await SaveAsync(Usable("b", "x", "a"), Anna);
        await Store.PublishLatestAsync("b", Anna, default);
        await SaveAsync(Usable("a", "x", "b"), Anna);
        await SaveAsync(Usable("self", "x", "self"), Anna);

        var through = await Assert.ThrowsAsync<BrokenDefinitionException>(() => Store.PublishLatestAsync("a", Anna, default));
        var direct = await Assert.ThrowsAsync<BrokenDefinitionException>(() => Store.PublishLatestAsync("self", Anna, default));

        Assert.Matches("^use0: .*a → b → a", through.Words.Single());
        Assert.Matches("^use0: .*self → self", direct.Words.Single());
        Assert.Equal(["1 latest"], await VersionsAsync("a"));
    }

    [Fact]
    public async Task Nobody_writes_over_what_somebody_else_saved_meanwhile()
    {
        var seen = await SaveAsync(Document("hello", "one"), Anna);
        await SaveAsync(Document("hello", "two", seen.VersionId), Boris, seen.Revision);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => SaveAsync(Document("hello", "three", seen.VersionId), Anna, seen.Revision));

        Assert.Contains("saved by Boris", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"two\"", (await RowsAsync("hello")).Single().Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_goes_on_from_a_version_that_somebody_else_has_replaced()
    {
        await PublishAsync(Document("hello", "one"));
        var seen = (await RowsAsync("hello")).Single();
        await SaveAsync(Document("hello", "two", seen.VersionId), Boris);

        await Assert.ThrowsAsync<RefusedException>(() => SaveAsync(Document("hello", "three", seen.VersionId), Anna, seen.Revision));
    }

    [Fact]
    public async Task A_draft_that_has_run_is_not_written_over()
    {
        var first = await SaveAsync(Document("hello", "one"), Anna);
        await _server.Runtime.TryStartAsync(await Store.VersionAsync(first.VersionId, default), new Engine.Stimulus.Start(), Engine.Facts.None, [], new InstanceId(await _server.Runtime.NextIdAsync(default)), default);

        var second = await SaveAsync(Document("hello", "two", first.VersionId), Anna);

        Assert.Equal(2, second.Version);
    }

    [Fact]
    public async Task A_retracted_version_stays_the_latest_and_starts_nothing()
    {
        await PublishAsync(Document("hello", "one"));

        await Store.RetractAsync("hello", Anna, default);

        Assert.Equal(["1 latest"], await VersionsAsync("hello"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Store.PublishedAsync("hello", default));
        Assert.Equal("Workflow with id hello is not published", (await Assert.ThrowsAsync<RefusedException>(() => Store.RetractAsync("hello", Anna, default))).Message);
    }

    [Fact]
    public async Task Only_the_published_version_has_triggers()
    {
        var waiting = new JsonObject { ["definitionId"] = "waits", ["root"] = new JsonObject { ["id"] = "told", ["type"] = "Elsa.Event", ["customProperties"] = new JsonObject { ["canStartWorkflow"] = true }, ["eventName"] = Text("Signed") } };
        await PublishAsync(waiting);
        Assert.Equal(1, await TriggersAsync());

        await SaveAsync(Document("waits", "now without"), Anna);
        Assert.Equal(1, await TriggersAsync());
        await Store.PublishLatestAsync("waits", Anna, default);
        Assert.Equal(0, await TriggersAsync());

        await Store.RevertAsync("waits", 1, Anna, default);
        await Store.PublishLatestAsync("waits", Anna, default);
        Assert.Equal(1, await TriggersAsync());
        await Store.RetractAsync("waits", Anna, default);
        Assert.Equal(0, await TriggersAsync());

        async Task<int> TriggersAsync()
        {
            await using var db = _server.Open();
            return await db.Triggers.CountAsync(row => row.DefinitionId == "waits");
        }
    }

    [Fact]
    public async Task Reverting_begins_a_draft_that_says_what_the_old_version_said()
    {
        await PublishAsync(Document("hello", "one"));
        await PublishAsync(Document("hello", "two"));

        var reverted = await Store.RevertAsync("hello", 1, Anna, default);

        Assert.Equal(["1", "2 published", "3 latest"], await VersionsAsync("hello"));
        Assert.Contains("\"one\"", reverted!.Document, StringComparison.Ordinal);
        Assert.Null(await Store.RevertAsync("hello", 9, Anna, default));
    }

    [Fact]
    public async Task Deleting_a_version_takes_its_instances_and_the_highest_left_is_the_latest()
    {
        await PublishAsync(Document("hello", "one"));
        await PublishAsync(Document("hello", "two"));
        var instance = (await _server.StartAsync("hello")).Instance;

        Assert.Equal(1, await Store.DeleteVersionsAsync([(await RowsAsync("hello"))[1].VersionId, "nobody's"], default));

        Assert.Equal(["1 latest"], await VersionsAsync("hello"));
        await using var db = _server.Open();
        Assert.Equal((0, 0, 0), (await db.Instances.CountAsync(row => row.Id == instance.Value), await db.States.CountAsync(row => row.InstanceId == instance.Value), await db.Journal.CountAsync(row => row.InstanceId == instance.Value)));
        Assert.Equal(1, await Store.DeleteAsync(["hello", "nobody"], default));
        Assert.Empty(await RowsAsync("hello"));
    }

    [Fact]
    public async Task What_is_read_only_stays_as_it_is()
    {
        var document = Document("fixed", "one");
        document["isReadonly"] = true;
        await Store.ImportAsync([document], Anna, default);

        await Assert.ThrowsAsync<RefusedException>(() => SaveAsync(Document("fixed", "two"), Anna));
        await Assert.ThrowsAsync<RefusedException>(() => Store.PublishLatestAsync("fixed", Anna, default));
        await Assert.ThrowsAsync<RefusedException>(() => Store.DeleteAsync(["fixed"], default));
    }

    [Fact]
    public async Task Importing_twice_changes_nothing_and_a_change_is_the_next_draft()
    {
        var document = Document("hello", "one", "version-id-of-elsewhere");
        (document["version"], document["isPublished"]) = (7, true);

        var first = (await Store.ImportAsync([(JsonObject)document.DeepClone()], Anna, default))[0];
        var again = (await Store.ImportAsync([(JsonObject)document.DeepClone()], Boris, default))[0];
        var changed = (await Store.ImportAsync([Document("hello", "two", "version-id-of-elsewhere")], Boris, default))[0];

        Assert.Equal(("version-id-of-elsewhere", 7, false), (first.VersionId, first.Version, first.IsPublished));
        Assert.Equal(first.VersionId, again.VersionId);
        Assert.Equal(8, changed.Version);
        Assert.Equal(["7", "8 latest"], await VersionsAsync("hello"));
    }

    [Fact]
    public async Task Those_who_use_a_definition_follow_it_when_it_says_so_each_once_and_in_order()
    {
        await PublishAsync(Usable("inner", "one"));
        await PublishAsync(Usable("middle", "m", "inner"));
        await PublishAsync(Using("outer", "middle", "inner"));
        await PublishAsync(Using("apart"));
        await SaveAsync(Using("unpublished", "inner"), Anna);

        await SaveAsync(Usable("inner", "two"), Anna);
        var published = await Store.PublishLatestAsync("inner", Anna, default);

        Assert.Equal(["middle", "outer", "unpublished"], published!.Consumers.Order());
        Assert.Equal(["1", "2 latest published"], await VersionsAsync("middle"));
        Assert.Equal(["1", "2 latest published"], await VersionsAsync("outer"));
        Assert.Equal(["1 latest"], await VersionsAsync("unpublished"));
        Assert.Equal(["1 latest published"], await VersionsAsync("apart"));
        var ids = new[] { (await RowsAsync("inner"))[1].VersionId, (await RowsAsync("middle"))[1].VersionId };
        Assert.All(ids, id => Assert.Contains(id, Store.PublishedAsync("outer", default).Result.Document, StringComparison.Ordinal));
        Assert.Equal(["middle", "outer", "unpublished"], await Store.ConsumersAsync("inner", default));
    }

    [Fact]
    public async Task Those_who_use_a_definition_stay_with_the_old_version_unless_it_says_otherwise()
    {
        await PublishAsync(Document("inner", "one"));
        await PublishAsync(Using("outer", "inner"));
        var pinned = (await RowsAsync("inner"))[0].VersionId;

        await PublishAsync(Document("inner", "two"));

        Assert.Equal(["1 latest published"], await VersionsAsync("outer"));
        Assert.Contains(pinned, (await Store.PublishedAsync("outer", default)).Document, StringComparison.Ordinal);
        Assert.Equal(["outer"], await Store.UpdateReferencesAsync("inner", null, Anna, default));
        Assert.Empty(await Store.UpdateReferencesAsync("inner", null, Anna, default));
        Assert.Equal(["1", "2 latest published"], await VersionsAsync("outer"));
    }

    [Fact]
    public async Task People_who_save_at_once_lose_nothing()
    {
        var seen = await SaveAsync(Document("hello", "start"), Editor.Server);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(async n =>
        {
            try
            {
                await SaveAsync(Document("hello", $"by {n}", seen.VersionId), new Editor($"{n}", $"Person {n}"), seen.Revision);
                return true;
            }
            catch (RefusedException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, saved => saved);
        Assert.Single(await RowsAsync("hello"));
    }

    private Task<DefinitionRow> SaveAsync(JsonObject document, Editor editor, int? seen = null) => Store.SaveDraftAsync(document, editor, seen, default);

    private Task<Engine.Definitions.WorkflowDefinition> PublishAsync(JsonObject document) => Store.PublishAsync(document.ToJsonString(), default);

    private async Task<List<DefinitionRow>> RowsAsync(string definitionId)
    {
        await using var db = _server.Open();
        return await db.Definitions.AsNoTracking().Where(row => row.DefinitionId == definitionId).OrderBy(row => row.Version).ToListAsync();
    }

    private async Task<IEnumerable<string>> VersionsAsync(string definitionId) =>
        (await RowsAsync(definitionId)).Select(row => $"{row.Version}{(row.IsLatest ? " latest" : "")}{(row.IsPublished ? " published" : "")}");

    private static JsonObject Text(string text) => new() { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text } };

    private static JsonObject Line(string id, string text) => new() { ["id"] = id, ["type"] = "Elsa.WriteLine", ["name"] = $"Line {id}", ["text"] = Text(text) };

    private static JsonObject Document(string definitionId, string text, string? id = null)
    {
        var document = new JsonObject { ["definitionId"] = definitionId, ["name"] = definitionId, ["root"] = Line("line", text) };
        if (id is not null)
            document["id"] = id;
        return document;
    }

    private static JsonObject Usable(string definitionId, string text, params string[] uses)
    {
        var document = uses.Length == 0 ? Document(definitionId, text) : Using(definitionId, uses);
        document["options"] = new JsonObject { ["usableAsActivity"] = true, ["autoUpdateConsumingWorkflows"] = true };
        return document;
    }

    private static JsonObject Using(string definitionId, params string[] uses) => new()
    {
        ["definitionId"] = definitionId, ["name"] = definitionId,
        ["root"] = new JsonObject
        {
            ["id"] = "steps", ["type"] = "Elsa.Sequence",
            ["activities"] = new JsonArray([.. uses.Select((used, i) => new JsonObject { ["id"] = $"use{i}", ["type"] = char.ToUpperInvariant(used[0]) + used[1..], ["workflowDefinitionId"] = used })]),
        },
    };
}

public sealed class DefinitionsOnSqlite : DefinitionFacts, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-definitions-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    protected override Task<Action<IServiceCollection>> DatabaseAsync() =>
        Task.FromResult<Action<IServiceCollection>>(services => services.AddSqlite(Path.Combine(_folder, "test.db")));
}

public sealed class DefinitionsOnPostgres : DefinitionFacts
{
    protected override async Task<Action<IServiceCollection>> DatabaseAsync()
    {
        var connection = await PostgresServer.NewDatabaseAsync();
        return services => services.AddPostgres(connection);
    }
}
