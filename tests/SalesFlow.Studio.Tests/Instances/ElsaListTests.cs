using System.Net;
using System.Net.Http.Json;

namespace SalesFlow.Studio.Tests.Instances;

/// <summary>Lists are counted, so this has a server of its own.</summary>
public sealed class ElsaListTests(StudioServer server) : ElsaReplay(server), IClassFixture<StudioServer>
{
    [Fact]
    public async Task Lists_filters_cancelling_and_deleting()
    {
        await SaveAsync("045", "047", "114", "121", "123", "125", "088", "093");
        await Replay.PrepareAsync("115");
        await Replay.PrepareAsync("122");
        await Replay.PrepareAsync("126");

        await SameAsync("135", "136", "137", "138", "139", "140", "141", "142");
        await SameAsync(["143"], except: [".definitionId", ".status", ".subStatus", ".incidentCount", ".finishedAt", "]"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.Client().PostAsJsonAsync("/elsa/api/workflow-instances", new { status = "Banana" })).StatusCode);
        await SameAsync(["145"]);
        // A cancelled instance keeps no executions but the root, and that one is cancelled too.
        await SameAsync(["146"], except: [".activityExecutionContexts[0].status", "]"]);
        await SameAsync("147", "149", "150", "151", "152");
        await SameAsync(["148"], HttpStatusCode.NotFound);
        await SameAsync("153", "154", "156");
        await SameAsync(["155"], HttpStatusCode.NotFound);
    }
}
