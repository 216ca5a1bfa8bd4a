using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Web.Pipelines;

namespace SalesFlow.Web.Tests.Pipelines;

/// <summary>What the page sends is what was entered and nothing else.</summary>
public sealed class StageDraftTests
{
    private static readonly string[] Written =
    [
        """{"kind":"requiredFields","fields":["budget","need"],"message":{"ru":"Заполните","en":"Fill in"}}""",
        """{"kind":"requiredOutcome","task":"qualify","outcome":"Qualified","severity":"soft","message":"One text"}""",
        """{"kind":"any","rules":[{"kind":"field","field":"discount","is":"<=","value":"10"},{"kind":"not","rules":[{"kind":"field","field":"discount","is":"filled"}]}]}""",
        """{"kind":"minimumWorkingTime","hours":1.5}""",
        """{"kind":"field","field":"amount","is":">","value":1000}""",
        """{"kind":"requiredDocument","document":"offer","sent":true}""",
        """{"kind":"role","role":"headOfSales","severity":"hard"}""",
        """{"kind":"expression","language":"JavaScript","expression":"deal.amount > 5","note":"kept"}""",
    ];

    private static JsonObject Rule(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static StageForm Stage(int version = 3, string name = "Offer", double probability = 0.3, double? limit = 16, params string[] rules) =>
        new("offer", "stage-offer", version, new Text(name, "Предложение"), probability, limit, [.. rules.Select(Rule)]);

    [Fact]
    public void A_rule_that_nobody_touched_is_written_as_it_was() =>
        Assert.All(Written, written => Assert.True(JsonNode.DeepEquals(Rule(written), new RuleDraft(Rule(written)).ToJson()), $"{written} became {new RuleDraft(Rule(written)).ToJson().ToJsonString()}"));

    [Fact]
    public void Another_kind_leaves_nothing_of_the_former_one_behind()
    {
        var draft = new RuleDraft(Rule(Written[0])) { Kind = "minimumWorkingTime", Hours = 4 };

        Assert.Equal("""{"kind":"minimumWorkingTime","hours":4,"message":{"ru":"\u0417\u0430\u043F\u043E\u043B\u043D\u0438\u0442\u0435","en":"Fill in"}}""", draft.ToJson().ToJsonString());
    }

    [Fact]
    public void A_document_that_need_no_longer_be_sent_is_only_to_be_issued()
    {
        var draft = new RuleDraft(Rule("""{"kind":"requiredDocument","document":"offer","sent":true}""")) { Sent = false };

        Assert.Equal("""{"kind":"requiredDocument","document":"offer"}""", draft.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("1500", "1500")]
    [InlineData("web", "\"web\"")]
    public void What_is_compared_with_is_a_number_where_it_reads_as_one(string typed, string json) =>
        Assert.Equal(json, new RuleDraft { Kind = "field", Field = "amount", Is = ">", Value = typed }.ToJson()["value"]!.ToJsonString());

    [Fact]
    public void One_language_speaks_for_the_other_and_empty_words_are_none()
    {
        Assert.Equal("Only English", new RuleDraft { MessageEn = "Only English" }.ToJson()["message"]!["ru"]!.GetValue<string>());
        Assert.False(new RuleDraft { MessageRu = "  " }.ToJson().ContainsKey("message"));
    }

    [Fact]
    public void Only_what_differs_is_sent()
    {
        var draft = new StageDraft(Stage(rules: Written));
        Assert.Equal(new StageChange(), draft.Change());

        draft.LimitHours = 4;
        draft.Rules[0].Fields.Add("site");

        var change = draft.Change();
        Assert.Equal(4, change.Limit!.Hours);
        Assert.Null(change.NameEn ?? change.NameRu);
        Assert.Null(change.Probability);
        Assert.Equal(Written.Length, change.Rules!.Value.Length);
        Assert.Contains("site", change.Rules.Value[0].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_emptied_limit_is_none_and_an_emptied_probability_is_no_probability()
    {
        var draft = new StageDraft(Stage()) { LimitHours = null, Percent = null };

        Assert.Null(draft.Change().Limit!.Hours);
        Assert.True(draft.Change().Probability < 0);
    }

    [Fact]
    public void Going_by_a_newer_version_keeps_what_was_entered_and_takes_over_the_rest()
    {
        var draft = new StageDraft(Stage(rules: Written[0])) { LimitHours = 4 };

        draft.Rebase(Stage(version: 4, name: "Quote", probability: 0.5, limit: 24, rules: Written[1]));

        Assert.Equal((4, "Quote", 50m, 4m), (draft.Version, draft.NameEn, draft.Percent!.Value, draft.LimitHours!.Value));
        Assert.Equal("requiredOutcome", Assert.Single(draft.Rules).Kind);
        var change = draft.Change();
        Assert.Equal(4, change.Limit!.Hours);
        Assert.True(change is { NameEn: null, Probability: null, Rules: null });
    }
}
