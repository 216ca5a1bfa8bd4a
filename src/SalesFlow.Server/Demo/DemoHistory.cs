using SalesFlow.Sales;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;
using Spectre.Console;

namespace SalesFlow.Server.Demo;

/// <summary>
/// Six months of work, done by the real commands on a clock that jumps from hour to hour. Deals that act in the same hour act
/// concurrently, so that their commits are grouped; one deal never has two steps under way.
/// </summary>
internal sealed class DemoHistory(DealCommands deals, TaskCommands tasks, TaskQueries inbox, DealQueries reading, PipelineQueries pipelines, DemoMeetings meetings, DemoPeople people, WorkingCalendar calendar, DemoClock clock)
{
    private const string Pipeline = "b2b-new-clients";
    private const int Deals = 2050;
    private const int StillOpen = 150;
    private const int AtOnce = 64;
    private static readonly TimeSpan Length = TimeSpan.FromDays(182);
    private readonly PriorityQueue<Step, DateTimeOffset> agenda = new();
    private string lastStage = "";

    private sealed record Step(DemoChance Chance, DealId? Deal);

    /// <summary>Lives through the history; timers that fall due on the way are fired by <paramref name="fireTimers"/>.</summary>
    public async Task LiveAsync(DateTimeOffset end, Func<CancellationToken, Task> fireTimers, ProgressTask progress, CancellationToken cancel)
    {
        progress.MaxValue = Deals;
        lastStage = (await pipelines.GetAsync(Pipeline, "en", cancel)).Stages[^1].Key;
        Plan(end);
        while (agenda.TryPeek(out _, out var time) && time < end)
        {
            clock.MoveTo(time);
            await fireTimers(cancel);
            await Parallel.ForEachAsync(Due(time.AddHours(1)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (step, stop) =>
            {
                var next = await ActAsync(step, end, stop);
                if (next is null)
                    progress.Increment(1);
                else
                    lock (agenda)
                        agenda.Enqueue(next, calendar.Add(Later(clock.GetUtcNow(), step.Chance.MeetsUntil), step.Chance.Pause()));
            });
        }
    }

    // Deals that will be closed begin early enough to end; the open ones begin in the last three weeks, most of them lately: a company in which all is late shows nothing.
    private void Plan(DateTimeOffset end)
    {
        var chance = new Random(1);
        for (var number = 0; number < Deals; number++)
        {
            var staysOpen = number >= Deals - StillOpen;
            var daysBefore = staysOpen ? 1 + (Math.Pow(chance.NextDouble(), 3) * 20) : 40 + (chance.NextDouble() * (Length.TotalDays - 40));
            agenda.Enqueue(new Step(new DemoChance(number, staysOpen), null), Begin(end.AddDays(-daysBefore), TimeSpan.FromMinutes(chance.Next(1, 480)), end));
        }
    }

    // After days off nothing begins; what would have, began on the last working day.
    private DateTimeOffset Begin(DateTimeOffset day, TimeSpan after, DateTimeOffset end)
    {
        var begin = calendar.Add(day, after);
        return begin < end ? begin : Begin(day.AddDays(-1), after, end);
    }

    private List<Step> Due(DateTimeOffset until)
    {
        var due = new List<Step>();
        while (agenda.TryPeek(out _, out var time) && time < until)
            due.Add(agenda.Dequeue());
        return due;
    }

    private async Task<Step?> ActAsync(Step step, DateTimeOffset end, CancellationToken cancel)
    {
        var chance = step.Chance;
        if (step.Deal is not { } id)
            return After(chance, await deals.CreateAsync(chance.Deal(Pipeline), people.Rep(chance.Number), cancel));
        if (chance.Rests || chance.StaysOpen && chance.Stage == lastStage)
            return null;
        if (chance.Stage == Losing || clock.GetUtcNow() > end.AddDays(-2) && chance.Nudges > 0)
            return After(chance, await deals.CloseAsync(id, won: false, chance.Loss, people.Rep(chance.Number), cancel));
        var open = await inbox.ListAsync(new TaskFilter("open", "any", id, 1), Actor.Engine, cancel);
        // Deals that are closed have left the calendars: their meetings were agreed by date, which is quicker.
        if (chance.StaysOpen && open.Items is [var asked, ..] && DemoChance.Outcome(asked) == MeetingActivity.Booked && await meetings.BookAsync(id, people.Rep(chance.Number), chance, cancel))
            return new Step(chance, id);
        if (open.Items is [var task, ..])
            return After(chance, await CompleteAsync(task, chance, cancel));
        return await NudgeAsync(id, chance, cancel);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;

    private async Task<DealView> CompleteAsync(TaskView task, DemoChance chance, CancellationToken cancel)
    {
        _ = TaskId.TryParse(task.Id, out var id);
        var doer = people.DoerOf(task.Assignee, task.Candidates, chance.Number);
        return (await tasks.CompleteAsync(id, DemoChance.Outcome(task), chance.Fields(task), null, doer, cancel)).Deal;
    }

    private const string Losing = "(losing)";

    private static Step? After(DemoChance chance, DealView deal)
    {
        if (deal.State != "open")
            return null;
        if (deal.Stage is { } stage && chance.Stage != stage.Key)
        {
            (chance.Stage, chance.Stages, chance.Nudges) = (stage.Key, chance.Stages + 1, 0);
            if (chance.IsLostHere())
                chance.Stage = Losing;
        }
        _ = DealId.TryParse(deal.Id, out var id);
        return new Step(chance, id);
    }

    // No task is open: the stage waits for time to pass or for the rep to move the deal on.
    private async Task<Step?> NudgeAsync(DealId id, DemoChance chance, CancellationToken cancel)
    {
        var rep = people.Rep(chance.Number);
        if (++chance.Nudges > 6)
            return After(chance, await deals.CloseAsync(id, won: false, chance.Loss, rep, cancel));
        var moves = await reading.MovesAsync(id, rep, cancel);
        var here = moves.Select(move => move.Stage).ToList().IndexOf(chance.Stage!);
        var next = moves.Skip(here + 1).FirstOrDefault();
        if (next is null)
            return After(chance, await deals.CloseAsync(id, won: true, null, rep, cancel));
        return next.Allowed ? After(chance, await deals.MoveAsync(id, next.Stage, null, false, rep, cancel)) : new Step(chance, id);
    }
}
