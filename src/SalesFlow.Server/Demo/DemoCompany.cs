using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;
using Spectre.Console;

namespace SalesFlow.Server.Demo;

/// <summary>Fills an empty database with a demo company, once.</summary>
internal static class DemoCompany
{
    /// <summary>Hires the people and lives through their history; does nothing when there are deals already.</summary>
    public static async Task FillAsync(IServiceProvider services, ServerOptions options, CancellationToken cancel)
    {
        var people = await DemoPeople.HireAsync(services);
        var known = await services.GetRequiredService<DealQueries>().ListAsync(new DealFilter(Limit: 1), Actor.Engine, cancel);
        if (known.Items.Count > 0)
            return;
        var end = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var clock = new DemoClock(end.AddDays(-183));
        // The same company on the history's clock; its workers are not started, the history fires the timers itself.
        await using var past = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddLogging().AddCompany(options).BuildServiceProvider();
        var history = new DemoHistory(past.GetRequiredService<DealCommands>(), past.GetRequiredService<TaskCommands>(), past.GetRequiredService<TaskQueries>(),
            past.GetRequiredService<DealQueries>(), past.GetRequiredService<PipelineQueries>(),
            new DemoMeetings(past.GetRequiredService<MeetingCommands>(), past.GetRequiredService<MeetingQueries>()), people, past.GetRequiredService<WorkingCalendar>(), clock);
        await AnsiConsole.Progress().StartAsync(progress =>
            history.LiveAsync(end, stop => Company.FireTimersAsync(past, stop), progress.AddTask("Six months of the demo company"), cancel));
    }

    /// <summary>Tells the console where to go and as whom.</summary>
    public static void PrintSignIns()
    {
        Console.WriteLine("The demo company's sign-ins (name, password, role):");
        foreach (var line in DemoPeople.SignIns)
            Console.WriteLine(line);
    }
}
