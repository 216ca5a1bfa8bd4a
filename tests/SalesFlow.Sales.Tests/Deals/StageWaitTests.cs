using System.Collections.Immutable;
using CsCheck;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Tasks;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Deals;

/// <summary>While nobody here has anything to do but to wait for the client, the clock of the stage stands still.</summary>
public sealed class StageWaitTests
{
    private const string Document = """
        {"definitionId":"p","id":"p-1","version":1,"name":"P","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s1","type":"SalesFlow.Stage","stage":"first","limitHours":6,
           "body":{"id":"b1","type":"Elsa.Flowchart","activities":[{"id":"w","type":"Elsa.WriteLine","text":"both"},{"id":"t1","type":"SalesFlow.Task","subject":"Ask","dueHours":4},
             {"id":"t2","type":"SalesFlow.Task","subject":"Think"}],"connections":[{"source":{"activity":"w","port":"Done"},"target":{"activity":"t1"}},{"source":{"activity":"w","port":"Done"},"target":{"activity":"t2"}}]}},
          {"id":"won","type":"SalesFlow.CloseDeal","result":"won"},{"id":"late","type":"SalesFlow.CloseDeal","result":"lost"}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}},{"source":{"activity":"s1","port":"Done"},"target":{"activity":"won"}},
          {"source":{"activity":"s1","port":"Overdue"},"target":{"activity":"late"}}]}}
        """;

    private static readonly WorkflowDefinition Definition = Process(Document);

    [Fact]
    public void The_limit_comes_later_by_the_time_that_the_client_was_waited_for()
    {
        var life = new Life(["t1"]);
        Assert.Equal(Calendar.Add(Monday, TimeSpan.FromHours(6)), life.Limit);

        life.Wait(0, Monday.AddHours(2));
        Assert.Null(life.Limit);
        Assert.False(life.Deal.Visits[0].IsLate(Monday.AddDays(3)));
        life.GoOn(0, Monday.AddDays(3));

        Assert.Equal((6 * 3600L, life.Limit), (life.Deal.Visits[0].LimitSeconds, life.Deal.Visits[0].LimitAt));
        Assert.True(life.Deal.Visits[0].IsLate(life.Limit!.Value.AddSeconds(1)));
        Assert.Equal(4 * 3600, Calendar.WorkingSeconds(Monday.AddDays(3), life.Limit!.Value));
        life.Run(new Stimulus.Resume(life.LimitBookmark), life.Limit.Value);
        var visit = Assert.Single(life.Deal.Visits);
        Assert.Equal(("Overdue", 6 * 3600L, Calendar.WorkingSeconds(Monday.AddHours(2), Monday.AddDays(3))), (visit.Outcome, visit.WorkingSeconds, visit.WaitedSeconds));
    }

    [Fact]
    public void A_deal_with_something_left_to_do_does_not_wait()
    {
        var life = new Life(["t1", "t2"]);

        life.Wait(0, Monday.AddHours(1));

        Assert.False(life.Deal.WaitsForClient);
        Assert.NotNull(life.Limit);
        life.Wait(1, Monday.AddHours(2));
        Assert.Equal(Monday.AddHours(2), life.Deal.Visits[0].WaitingSince);
    }

    [Fact]
    public void What_was_worked_and_what_was_waited_are_together_the_working_time_of_the_stay() =>
        Gen.Select(Gen.Int[1, 40_000].Array[0, 12], Gen.Int[0, 3].Array[12]).Sample((steps, kinds) =>
        {
            var (life, now) = (new Life(["t1", "t2"]), Monday);
            for (var i = 0; i < steps.Length; i++)
            {
                now = now.AddSeconds(steps[i]);
                if (kinds[i] < 2)
                    life.Wait(kinds[i], now);
                else
                    life.GoOn(kinds[i] - 2, now);
                if (life.Limit is { } limit)
                    Assert.Equal(6 * 3600, life.Deal.Visits[0].Clock(Calendar, limit).Worked);
                if (life.Limit < now)
                    break;
            }
            now = now.AddHours(1);
            var so = life.Deal.Visits[0].Clock(Calendar, now);

            life.Run(new Stimulus.Cancel(), now, new DealWon(Id, now, null, null));

            var visit = Assert.Single(life.Deal.Visits);
            Assert.Equal(so, (visit.WorkingSeconds!.Value, visit.WaitedSeconds));
            Assert.Equal(Calendar.WorkingSeconds(Monday, now), visit.WorkingSeconds + visit.WaitedSeconds);
        });

    private sealed class Life
    {
        private readonly LivedDeal _life;

        public Life(string[] tasks)
        {
            _life = new(Definition, new(Deal, Calendar, ImmutableDictionary<string, UserId>.Empty));
            Run(new Stimulus.Start(), Monday, Created());
            // The body opens two tasks; a deal with one of them has the other done already.
            foreach (var task in Deal.Tasks.Where(task => !tasks.Contains(task.ActivityId)).ToList())
                Run(new Stimulus.Resume(task.Bookmark), Monday, new TaskCompleted(Id, Monday, null, task.Id, "Done", null));
        }

        public Deal Deal { get; } = Deal.Blank();

        public DateTimeOffset? Limit => _life.State.Bookmarks.Find(waiting => waiting.Name == "SalesFlow.StageLimit")?.DueAt;

        public int LimitBookmark => _life.State.Bookmarks.Single(waiting => waiting.Name == "SalesFlow.StageLimit").Number;

        public void Wait(int task, DateTimeOffset now)
        {
            if (Open(task) is { WaitingSince: null } waiting)
                Run(new Stimulus.None(), now, new TaskWaits(Id, now, null, waiting.Id, null));
        }

        public void GoOn(int task, DateTimeOffset now)
        {
            if (Open(task) is { WaitingSince: { } since } waiting)
                Run(new Stimulus.None(), now, new TaskGoesOn(Id, now, null, waiting.Id, waiting.DueAt, Calendar.WorkingSeconds(since, now)));
        }

        public void Run(Stimulus stimulus, DateTimeOffset now, params Change[] changes) => _life.Run(stimulus, now, changes);

        private SalesTask Open(int task) => Deal.Tasks.Where(one => one.Status == SalesTaskStatus.Open).ElementAt(task);
    }
}
