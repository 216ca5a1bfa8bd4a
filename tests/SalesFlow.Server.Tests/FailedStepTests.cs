using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>A step of a deal's process that was given up is seen by those it concerns and tried again by an administrator.</summary>
[Collection(OneServer.Name)]
public sealed class FailedStepTests(RunningServer server)
{
    [Fact]
    public async Task A_step_that_was_given_up_is_told_on_the_deal_listed_and_tried_again()
    {
        var deal = await server.CreateDealAsync();
        var id = long.Parse(deal["id"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        await using (var db = await server.App.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync())
        {
            db.Outbox.Add(new OutboxRow(id, 900, "Unheard", "{}", null, WorkflowRuntime.MostAttempts - 1, DateTimeOffset.UnixEpoch, null));
            await db.SaveChangesAsync();
        }

        await server.App.Services.GetRequiredService<Workers>().CatchUpAsync(default);

        Assert.Contains("A step of the process failed and waits for an administrator: Unheard.", await LatestAsync(id), StringComparison.Ordinal);
        var admin = server.As(Roles.Administrator);
        var failed = (await admin.GetFromJsonAsync<JsonObject>("/api/effects/failed"))!["items"]!.AsArray().Single(step => step!["dealId"]!.GetValue<string>() == $"{id}")!;
        Assert.Equal(($"{id}-900", 10), (failed["id"]!.GetValue<string>(), failed["attempts"]!.GetValue<int>()));
        Assert.Contains("Nobody here performs 'Unheard'", failed["error"]!.GetValue<string>(), StringComparison.Ordinal);

        var answer = await admin.PostAsync($"/api/effects/{id}-900/retry", null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains("The failed step is tried again: Unheard", await LatestAsync(id), StringComparison.Ordinal);
        await HttpFacts.AssertProblemAsync(await admin.PostAsync($"/api/effects/{id}-900/retry", null), HttpStatusCode.NotFound);
        await HttpFacts.AssertProblemAsync(await admin.PostAsync("/api/effects/none/retry", null), HttpStatusCode.NotFound);
    }

    private async Task<string> LatestAsync(long deal) =>
        string.Join('\n', (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal}/timeline"))!["items"]!.AsArray().Select(entry => entry!["text"]!.GetValue<string>()));
}
