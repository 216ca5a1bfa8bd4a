using System.Diagnostics;
using SalesFlow.Benchmarks.Load;

namespace SalesFlow.Server.Tests;

/// <summary>The load program in small: the same people, the same pages, without a clock that judges.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task People_with_live_pages_do_their_work_without_an_error_and_their_pages_follow()
    {
        using var server = await LoadServer.StartAsync();
        var people = await LoadPerson.HireAsync(server, 6);
        foreach (var person in people)
        {
            await person.CreateDealsAsync(2);
            await person.OpenPageAsync();
        }

        foreach (var person in people)
            for (var i = 0; i < 3; i++)
            {
                var begin = Stopwatch.GetTimestamp();
                var act = await person.ActAsync();
                Assert.Null(act.Problem);
                Assert.NotNull(await person.Page!.NextAfterAsync(begin, TimeSpan.FromSeconds(60)));
            }

        Assert.All(people, person => Assert.Null(person.Page!.Failure));
        Assert.Empty(server.Complaints);
        foreach (var person in people)
            await person.DisposeAsync();
    }
}
