using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Tests.Workflows;

namespace SalesFlow.Sales.Tests.Pipelines;

/// <summary>Stages are edited in the document; whatever is not meant stays to the letter.</summary>
public sealed class StageEditTests
{
    private const string Name = "b2b-new-clients";

    private static JsonObject Document() => DefinitionDocument.Parse(Shipped.Text(Name));

    private static Pipeline Read(JsonObject document) => Pipeline.Read(Assert.IsType<Reading.Fine>(Shipped.Read(document.ToJsonString())).Definition);

    private static JsonObject Rule(string json) => (JsonObject)JsonNode.Parse(json)!;

    [Fact]
    public void A_change_that_says_what_stands_there_leaves_the_document_to_the_letter()
    {
        var (document, before) = (Document(), Document().ToJsonString());
        var stage = Read(document).Find("offer")!;

        var found = StageEdit.Change(document, "offer", new StageChange
        {
            NameRu = stage.Name.Ru, NameEn = stage.Name.En, Probability = stage.Probability, Limit = new(stage.LimitHours), Rules = StageEdit.RulesOf(document, "offer"),
        });

        Assert.True(found);
        Assert.Equal(before, document.ToJsonString());
    }

    [Fact]
    public void Only_the_stage_that_is_meant_changes()
    {
        var document = Document();
        var before = Read(document);

        StageEdit.Change(document, "offer", new StageChange { NameEn = "  Quote ", Probability = 0.55, Limit = new(8.5), Rules = [Rule("""{"kind": "role", "role": "headOfSales"}""")] });

        var after = Read(document);
        var offer = after.Find("offer")!;
        Assert.Equal(("Quote", "Коммерческое предложение", 0.55, 8.5), (offer.Name.En, offer.Name.Ru, offer.Probability, offer.LimitHours));
        Assert.Equal("role", Assert.Single(offer.Rules).Kind);
        Assert.All(before.Stages.Where(stage => stage.Key != "offer"), stage => Assert.Equal(Says(stage), Says(after.Find(stage.Key)!)));
        Assert.Equal(before.Exits, after.Exits);
    }

    [Fact]
    public void A_limit_can_be_taken_away_and_no_word_about_it_leaves_it()
    {
        var document = Document();

        StageEdit.Change(document, "offer", new StageChange { Probability = 0.6 });
        Assert.Equal(40, Read(document).Find("offer")!.LimitHours);
        StageEdit.Change(document, "offer", new StageChange { Limit = new(null) });

        Assert.Null(Read(document).Find("offer")!.LimitHours);
    }

    [Fact]
    public void A_stage_that_is_not_there_changes_nothing()
    {
        var (document, before) = (Document(), Document().ToJsonString());

        Assert.False(StageEdit.Change(document, "nowhere", new StageChange { Probability = 1 }));

        Assert.Equal(before, document.ToJsonString());
        Assert.Empty(StageEdit.RulesOf(document, "nowhere"));
    }

    [Fact]
    public void The_title_on_the_canvas_follows_the_name_unless_the_designer_chose_another()
    {
        var document = Document();
        var own = Document();
        Stage(own, "offer")["metadata"] = new JsonObject { ["displayText"] = "Мой заголовок" };

        StageEdit.Change(document, "offer", new StageChange { NameRu = "Предложение" });
        StageEdit.Change(own, "offer", new StageChange { NameRu = "Предложение" });

        Assert.Equal("Предложение", Stage(document, "offer")["metadata"]!["displayText"]!.GetValue<string>());
        Assert.Equal("Мой заголовок", Stage(own, "offer")["metadata"]!["displayText"]!.GetValue<string>());
    }

    [Fact]
    public void A_stage_that_was_put_in_and_taken_out_again_leaves_the_way_as_it_was()
    {
        var document = Document();
        var before = Read(document);

        StageEdit.Add(document, new NewStage("pilot", "offer", new StageChange { NameRu = "Пилот", NameEn = "Pilot" }), StageEdit.AnchorOf(document, before, "offer")!);
        Assert.Equal(["qualification", "meeting", "offer", "pilot", "terms", "contract"], Read(document).Stages.Select(stage => stage.Key));
        StageEdit.Remove(document, "pilot");

        Assert.Equal(before.Stages.Select(Says), Read(document).Stages.Select(Says));
        Assert.Equal(before.Exits.Order(Comparer<StageExit>.Create((one, other) => string.CompareOrdinal($"{one}", $"{other}"))), Read(document).Exits.Order(Comparer<StageExit>.Create((one, other) => string.CompareOrdinal($"{one}", $"{other}"))));
    }

    [Fact]
    public void A_stage_is_needed_by_those_whose_rules_ask_for_its_tasks()
    {
        var definition = Shipped.Definition(Name);
        var document = Document();
        StageEdit.Change(document, "contract", new StageChange { Rules = [Rule("""{"kind": "any", "rules": [{"kind": "requiredOutcome", "task": "hold-meeting", "outcome": "Held"}]}""")] });

        Assert.Empty(StageEdit.NeededBy(Pipeline.Of(definition), PipelineWords.Of(definition), "meeting"));
        var changed = Assert.IsType<Reading.Fine>(Shipped.Read(document.ToJsonString())).Definition;

        Assert.Equal("Contract", Assert.Single(StageEdit.NeededBy(Pipeline.Of(changed), PipelineWords.Of(changed), "meeting")).En);
    }

    private static JsonObject Stage(JsonObject document, string key) => document["root"]!["activities"]!.AsArray().OfType<JsonObject>().Single(activity => activity.Literal("stage") == key);

    private static string Says(Stage stage) => $"{stage.Key} {stage.Name} {stage.Probability} {stage.LimitHours} {string.Join("; ", stage.Rules.Select(rule => $"{rule.Kind} {rule.Words} {rule.Severity} {(rule as RuleAtom)?.Identity}"))}";
}
