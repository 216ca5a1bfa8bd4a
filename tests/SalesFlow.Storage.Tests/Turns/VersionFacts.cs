using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>Instances that go on under another version of their definition.</summary>
public abstract class VersionFacts(Database database) : ServersOnOneDatabase(database)
{
    private static string Waits(string after) => Definition("waits", Sequence(Activity("signed", "Elsa.Event", ("eventName", "Signed")), Activity(after, "Elsa.WriteLine", ("text", after))));

    [Fact]
    public async Task An_instance_follows_a_version_and_every_server_runs_it_there()
    {
        var (first, second) = (Server(), Server());
        await first.Definitions.PublishAsync(Waits("one"), default);
        var id = (await first.StartAsync("waits")).Instance;
        Assert.Empty((await second.Runtime.MisfitsAsync(id, (await first.Definitions.PublishAsync(Waits("two"), default)).VersionId, default)));
        var to = await first.Definitions.PublishedAsync("waits", default);

        await first.Runtime.FollowVersionAsync(id, to.VersionId, default);
        Assert.Equal(1, await second.Runtime.PublishEventAsync("Signed", null, null, null, default));

        await using var db = first.Open();
        var row = await db.Instances.SingleAsync(row => row.Id == id.Value);
        Assert.Equal((to.VersionId, to.Version), (row.DefinitionVersionId, row.DefinitionVersion));
        Assert.Equal(["signed Suspended", "Workflow1 Migrated", "signed Resumed", "signed Completed", "two Started"], (await first.JournalAsync(id)).Skip(3).Take(5));
        Assert.Equal(WorkflowSubStatus.Finished, await first.StatusAsync(id));
    }

    [Fact]
    public async Task An_instance_without_a_place_in_a_version_stays_as_it_is()
    {
        var server = Server();
        var from = await server.Definitions.PublishAsync(Waits("one"), default);
        var id = (await server.StartAsync("waits")).Instance;
        var to = await server.Definitions.PublishAsync(Definition("waits", Sequence(Activity("other", "Elsa.Event", ("eventName", "Signed")))), default);

        var refused = await Assert.ThrowsAsync<MisfitException>(() => server.Runtime.FollowVersionAsync(id, to.VersionId, default));

        Assert.Equal((await server.Runtime.MisfitsAsync(id, to.VersionId, default)).Select(misfit => misfit.Reason.En), refused.Misfits.Select(misfit => misfit.Reason.En));
        await using var db = server.Open();
        Assert.Equal(from.VersionId, await db.Instances.Where(row => row.Id == id.Value).Select(row => row.DefinitionVersionId).SingleAsync());
    }
}

public sealed class VersionsOnSqlite() : VersionFacts(new Database.Sqlite());

public sealed class VersionsOnPostgres() : VersionFacts(new Database.Postgres());
