using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tests.Workflows;

namespace SalesFlow.Sales.Tests.Pipelines;

/// <summary>What a person reads before a version is published.</summary>
public sealed class PipelineDiffTests
{
    private static readonly Pipeline Before = Pipeline.Read(Shipped.Definition("b2b-new-clients"));

    private static Pipeline After(Action<JsonObject> edit)
    {
        var document = DefinitionDocument.Parse(Shipped.Text("b2b-new-clients"));
        edit(document);
        return Pipeline.Read(Assert.IsType<Reading.Fine>(Shipped.Read(document.ToJsonString())).Definition);
    }

    private static string[] Said(string language, StageChange change) =>
        [.. PipelineDiff.Between(Before, After(document => StageEdit.Change(document, "qualification", change))).Select(sentence => sentence.In(language))];

    private static JsonObject Rule(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static JsonObject[] Rules() => [.. StageEdit.RulesOf(DefinitionDocument.Parse(Shipped.Text("b2b-new-clients")), "qualification")];

    [Fact]
    public void Nothing_is_said_of_what_stays() => Assert.Empty(PipelineDiff.Between(Before, After(_ => { })));

    [Fact]
    public void Numbers_are_told_before_and_after_in_the_language_of_the_reader()
    {
        var change = new StageChange { Probability = 0.125, Limit = new(8.5) };

        Assert.Equal(["«Квалификация»: вероятность 10 % → 12,5 %.", "«Квалификация»: срок 16 ч → 8,5 ч."], Said("ru", change));
        Assert.Equal(["'Qualification': probability 10 % → 12.5 %.", "'Qualification': limit 16 h → 8.5 h."], Said("en", change));
        Assert.Equal(["«Квалификация»: срок 16 ч → без срока."], Said("ru", new StageChange { Limit = new(null) }));
    }

    [Fact]
    public void A_name_is_told_once_for_both_languages() =>
        Assert.Equal(["'Qualification' is called 'First talk' (Russian: 'Квалификация')."], Said("en", new StageChange { NameEn = "First talk" }));

    [Fact]
    public void A_rule_that_is_new_gone_or_stricter_is_told_and_the_others_are_not()
    {
        var rules = Rules();

        Assert.Equal(["'Qualification': new rule: Fields must be filled in: site."], Said("en", new StageChange { Rules = [.. rules, Rule("""{"kind": "requiredFields", "fields": ["site"]}""")] }));
        Assert.StartsWith("'Qualification': rule taken out: Fill in: the need", Assert.Single(Said("en", new StageChange { Rules = [rules[0]] })), StringComparison.Ordinal);
        Assert.Empty(Said("en", new StageChange { Rules = [rules[1], rules[0]] }));
        rules[0]["severity"] = "soft";
        Assert.EndsWith("[можно пройти с объяснением].", Assert.Single(Said("ru", new StageChange { Rules = [.. rules] })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_that_comes_or_goes_is_told_with_its_place()
    {
        var after = After(document => StageEdit.Add(document, new NewStage("pilot", "offer", new StageChange { NameRu = "Пилот", NameEn = "Pilot" }), StageEdit.AnchorOf(document, Before, "offer")!));

        Assert.Equal("The stage 'Pilot' is put in after 'Offer'.", PipelineDiff.Between(Before, after)[0].En);
        Assert.Equal("Этап «Пилот» убран.", PipelineDiff.Between(after, Before)[0].Ru);
    }
}
