using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;
using Xunit;

namespace SalesFlow.Sales.Tests.Pipelines;

public sealed class ShippedPipelineTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "workflows");
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly DealId Id = new(7);

    [Fact]
    public void Every_shipped_definition_reads_without_problems()
    {
        foreach (var file in Directory.GetFiles(Folder, "*.json"))
            Assert.Empty(Assert.IsType<Reading.Fine>(DefinitionReader.Read(File.ReadAllText(file), new(SalesActivities.All))).Definition.Warnings);
    }

    [Fact]
    public void A_deal_of_new_clients_is_carried_to_won()
    {
        var definition = Read("b2b-new-clients");
        var facts = new DealFacts(Deal.Blank(), WorkingCalendar.Read(File.ReadAllText(Path.Combine(Folder, "calendars", "ru.json"))), ImmutableDictionary<string, UserId>.Empty);
        var filled = ImmutableDictionary<string, object?>.Empty.Add("budget", 5L).Add("decisionMaker", "Anna").Add("meetingDate", "2026-11-24");
        var created = new DealCreated(Id, Monday, null, "1", "T", "b2b-new-clients", "b2b-new-clients", new(new(1), "C"), 10, "RUB", null, null, filled);
        var turn = new Interpreter().Run(definition, null, Id.Value, new Stimulus.Start(), facts, Monday, [created]);

        foreach (var outcome in new[] { "Qualified", "Held", "Sent", "Approved", "Signed" })
        {
            var task = facts.Deal.Tasks.Single(open => open.Status == SalesTaskStatus.Open);
            turn = new Interpreter().Run(definition, turn.State, Id.Value, new Stimulus.Resume(task.Bookmark, new Dictionary<string, object?> { ["outcome"] = outcome }), facts, Monday,
                [new TaskCompleted(Id, Monday, null, task.Id, outcome, null)]);
        }

        Assert.Empty(turn.State.Incidents);
        Assert.IsType<DealState.Won>(facts.Deal.State);
        Assert.Equal(["qualification", "meeting", "offer", "terms", "contract"], facts.Deal.Visits.Select(visit => visit.StageKey));
        Assert.Equal(facts.Deal.Visits.Select(visit => visit.StageKey), Pipeline.Read(definition).Stages.Select(stage => stage.Key));
    }

    private static WorkflowDefinition Read(string name) =>
        Assert.IsType<Reading.Fine>(DefinitionReader.Read(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), new(SalesActivities.All))).Definition;
}
