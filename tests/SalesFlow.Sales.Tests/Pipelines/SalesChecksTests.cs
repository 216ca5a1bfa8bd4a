using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tests.Workflows;

namespace SalesFlow.Sales.Tests.Pipelines;

/// <summary>Each test spoils the shipped pipeline in one place.</summary>
public sealed class SalesChecksTests
{
    private static readonly KnownNames Known = new([.. Roles.All], ["anna"], ["offer.ru", "offer.en", "contract.ru", "contract.en"]) { Teams = ["East"], Matrices = ["terms", "discounts"] };

    public static TheoryData<string> All => [.. Shipped.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void A_shipped_definition_has_no_findings(string name) => Assert.Empty(SalesChecks.Find(Shipped.Definition(name), Known));

    [Fact]
    public void A_pipeline_without_a_beginning_is_an_error() =>
        Assert.Contains("noStart  True", Find(document => Activity(document, "deal-started")["type"] = "Elsa.Start"));

    [Fact]
    public void Two_stages_with_one_key_are_an_error() =>
        Assert.Contains("doubledStage stage-offer True", Find(document => Literal(Activity(document, "stage-offer"), "stage", "meeting")));

    [Fact]
    public void A_stage_inside_a_stage_is_an_error() =>
        Assert.Contains("nestedStage inner True", Find(document => Body(document, "stage-offer")["activities"]!.AsArray().Add(JsonNode.Parse("""{"id": "inner", "type": "SalesFlow.Stage", "stage": "inner"}"""))));

    [Fact]
    public void An_outcome_that_a_stage_has_not_is_an_error() =>
        Assert.Contains("unknownStageOutcome terms-back True", Find(document => Expression(Inner(document, "stage-terms", "terms-back"), "outcomes")["value"] = "[\"Bakc\"]"));

    [Theory]
    [InlineData("stage-contract", "Done", "deadEnd stage-contract False")]
    [InlineData("stage-terms", "Back", "deadEnd stage-terms False")]
    [InlineData("deal-started", "Done", "deadEnd deal-started False")]
    public void A_way_on_which_the_deal_stays_open_without_a_process_is_found(string activity, string port, string finding) =>
        Assert.Contains(finding, Find(document => Connections(document, connection => (string)connection["source"]!["activity"]! != activity || (string)connection["source"]!["port"]! != port)));

    [Fact]
    public void A_time_limit_that_leads_nowhere_only_makes_the_deal_late() =>
        Assert.DoesNotContain(SalesChecks.Find(Shipped.Definition("b2b-new-clients"), Known), finding => finding.Words.En.Contains("Overdue", StringComparison.Ordinal));

    [Fact]
    public void A_pipeline_that_nobody_can_win_is_found() =>
        Assert.Contains("noWin b2b-new-clients-flow False", Find(document => Literal(Activity(document, "close-won"), "result", "lost")));

    [Theory]
    [InlineData("assignee", "role:aprover", "unknownRole sign-contract True")]
    [InlineData("assignee", "user:boris", "unknownUser sign-contract True")]
    [InlineData("assignee", "user:anna", null)]
    [InlineData("assignee", "Anna", "unknownAssignee sign-contract True")]
    [InlineData("form", "{", "brokenForm sign-contract True")]
    [InlineData("form", """[{"field": "a", "type": "colour"}]""", "brokenForm sign-contract True")]
    [InlineData("form", """[{"field": "a", "requiredFor": ["Sgined"]}]""", "unknownButton sign-contract False")]
    [InlineData("outcomeNames", "[]", "brokenNames sign-contract True")]
    [InlineData("outcomeNames", """{"Sgined": "x"}""", "unknownButton sign-contract False")]
    public void What_is_written_in_a_task_is_checked(string input, string value, string? finding)
    {
        var found = Find(document => Literal(Inner(document, "stage-contract", "sign-contract"), input, value));

        Assert.Equal(finding is null ? [] : [finding], found);
    }

    [Fact]
    public void A_task_without_buttons_is_an_error() =>
        Assert.Contains("noOutcomes sign-contract True", Find(document => Inner(document, "stage-contract", "sign-contract").Remove("outcomes")));

    [Theory]
    [InlineData("template", "contrcat", "unknownTemplate issue-contract True")]
    [InlineData("language", "de", "unknownTemplate issue-contract True")]
    [InlineData("language", "en", null)]
    public void A_template_that_there_is_not_is_an_error(string input, string value, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], Find(document => Literal(Inner(document, "stage-contract", "issue-contract"), input, value)));

    [Theory]
    [InlineData("""[{"kind": "requiredOutcome", "task": "sing-contract", "outcome": "Signed"}]""", "unmeetableRule stage-contract False")]
    [InlineData("""[{"kind": "requiredOutcome", "task": "sign-contract", "outcome": "Sgined"}]""", "unmeetableRule stage-contract False")]
    [InlineData("""[{"kind": "requiredOutcome", "task": "Подписать договор с клиентом", "outcome": "Signed"}]""", null)]
    [InlineData("""[{"kind": "requiredOutcome", "task": "approve-terms", "outcome": "Approved"}]""", null)]
    [InlineData("""[{"kind": "any", "rules": [{"kind": "requiredDocument", "document": "invoice"}]}]""", "unmeetableRule stage-contract False")]
    [InlineData("""[{"kind": "role", "role": "boss"}]""", "unknownRole stage-contract True")]
    public void A_rule_that_can_never_be_met_is_found(string rules, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], Find(document => Literal(Activity(document, "stage-contract"), "rules", rules)));

    [Theory]
    [InlineData("JavaScript", "return stage.key === 'contarct';", true)]
    [InlineData("JavaScript", "return 'contarct' != stage.key", true)]
    [InlineData("JavaScript", "return tasks.some(t => t.stage == \"contarct\")", true)]
    [InlineData("Liquid", "{% if stage.key == 'contarct' %}x{% endif %}", true)]
    [InlineData("Scriban", "{{ if stage.key == 'contarct' }}x{{ end }}", true)]
    [InlineData("JavaScript", "return stage.key === 'contract' || 'offer' == stage.key;", false)]
    [InlineData("JavaScript", "return stage.name === 'Договор' && deal.fields.stage === 'late' && 'late' === fields.stage;", false)]
    public void A_comparison_with_a_stage_that_there_is_not_is_told(string language, string source, bool told)
    {
        JsonObject Written() => new() { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = language, ["value"] = source } };
        var ofInput = Find(document => Inner(document, "stage-contract", "sign-contract")["instructions"] = Written());
        var ofRule = Find(document => Literal(Activity(document, "stage-contract"), "rules", JsonSerializer.Serialize(new[] { new { kind = "expression", language, expression = source } })));

        Assert.Equal(told, ofInput.Contains("unknownStage sign-contract False"));
        Assert.Equal(told, ofRule.Contains("unknownStage stage-contract False"));
    }

    [Fact]
    public void The_rules_of_a_gate_are_read()
    {
        var gate = JsonNode.Parse("""{"id": "gate", "type": "SalesFlow.Gate", "rules": {"typeName": "String", "expression": {"type": "Literal", "value": "[{\"kind\": \"wish\"}]"}}}""");

        Assert.Contains("brokenRules gate True", Find(document => Body(document, "stage-contract")["activities"]!.AsArray().Add(gate)));
    }

    [Theory]
    [InlineData("Approval", "matrix", "dicsounts", "unknownMatrix x True")]
    [InlineData("Approval", "matrix", "discounts", null)]
    [InlineData("Approval", "fallback", "role:boss", "unknownRole x True")]
    [InlineData("Approval", "fallback", "owner", "unknownAssignee x True")]
    [InlineData("Approval", "dueHours", "soon", "noNumber x True")]
    [InlineData("Assign", "role", "boss", "unknownRole x True")]
    [InlineData("Assign", "team", "West", "unknownTeam x False")]
    [InlineData("Assign", "team", "East", null)]
    [InlineData("Assign", "strategy", "LeastLoaded", null)]
    [InlineData("Assign", "strategy", "dice", "unknownChoice x True")]
    [InlineData("Meeting", "members", "owner, team:West", "unknownTeam x False")]
    [InlineData("Meeting", "members", "owner, team:East, role:rep, user:anna", null)]
    [InlineData("Meeting", "members", "user:boris", "unknownUser x True")]
    [InlineData("Meeting", "members", """["owner", "user:boris"]""", "unknownUser x True")]
    [InlineData("Meeting", "members", "[]", null)]
    [InlineData("Meeting", "members", "boris", "unknownMember x True")]
    [InlineData("Meeting", "need", "both", "unknownChoice x True")]
    [InlineData("Meeting", "length", "17", "brokenSlots x True")]
    [InlineData("Meeting", "length", "45", null)]
    [InlineData("Meeting", "resultForm", "{", "brokenForm x True")]
    [InlineData("Notify", "to", "role:boss", "unknownRole x True")]
    [InlineData("Notify", "to", "client", null)]
    [InlineData("Notify", "way", "pigeon", "unknownChoice x True")]
    [InlineData("Notify", "subject", "", "noSubject x True")]
    [InlineData("CloseDeal", "result", "Lost", "unknownChoice x True")]
    [InlineData("CloseDeal", "reason", "noBugdet", "unknownReason x False")]
    [InlineData("CloseDeal", "reason", "noBudget: until spring", null)]
    [InlineData("UpdateDeal", "fields", "budget = 100", "brokenFields x True")]
    [InlineData("UpdateDeal", "fields", "{\"budget\": 100}", null)]
    [InlineData("UpdateDeal", "fields", "", "brokenFields x True")]
    [InlineData("WorkingDelay", "hours", "two", "noNumber x True")]
    [InlineData("WorkingDelay", "minutes", "2", "noHours x False")]
    [InlineData("Gate", "wait", "maybe", "noFlag x True")]
    [InlineData("Gate", "rules", """[{"kind": "role", "role": "boss"}]""", "unknownRole x True")]
    [InlineData("Gate", "rules", """[{"kind": "approvalValid", "matrix": "dicsounts"}]""", "unknownMatrix x True")]
    [InlineData("Gate", "rules", """[{"kind": "approvalValid", "matrix": "discounts"}]""", "unmeetableRule x False")]
    [InlineData("Gate", "rules", """[{"kind": "approvalValid"}]""", null)]
    [InlineData("Gate", "rules", """[{"kind": "meetingHeld", "meeting": "nowhere"}]""", "unmeetableRule x False")]
    public void What_is_written_in_any_other_activity_is_checked(string type, string input, string value, string? finding)
    {
        var found = Find(document =>
        {
            var activity = JsonNode.Parse($$"""{"id": "x", "type": "SalesFlow.{{type}}"}""")!.AsObject();
            if (type == "Notify")
                Literal(activity, "subject", "Accepted");
            if (type == "CloseDeal")
                Literal(activity, "result", "lost");
            Literal(activity, input, value);
            Body(document, "stage-contract")["activities"]!.AsArray().Add(activity);
        });

        Assert.Equal(finding is null ? [] : [finding], found.Where(one => one.Contains(" x ", StringComparison.Ordinal) && !one.StartsWith("unreachable", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("probability", "1.5", "outOfRange stage-contract True")]
    [InlineData("probability", "0,5", "noNumber stage-contract True")]
    [InlineData("limitHours", "a week", "noNumber stage-contract True")]
    public void The_numbers_of_a_stage_are_checked(string input, string value, string finding) =>
        Assert.Equal([finding], Find(document => Literal(Activity(document, "stage-contract"), input, value)));

    [Fact]
    public void What_is_not_known_is_not_held_against_a_definition()
    {
        var document = Document();
        Literal(Inner(document, "stage-contract", "sign-contract"), "assignee", "user:boris");

        Assert.Empty(SalesChecks.Find(Read(document), new KnownNames()));
    }

    [Fact]
    public void A_finding_names_the_place_and_speaks_both_languages()
    {
        var document = Document();
        Literal(Inner(document, "stage-contract", "sign-contract"), "assignee", "role:boss");

        var finding = Assert.Single(SalesChecks.Find(Read(document), Known));

        Assert.Equal(("root.activities[5].body.activities[2].assignee", "Подписать договор с клиентом"), (finding.Path, finding.ActivityName));
        Assert.Equal("There is no role 'boss'. There are: administrator, approver, headOfSales, processOwner, rep.", finding.Words.En);
        Assert.Equal("Роли «boss» нет. Есть: administrator, approver, headOfSales, processOwner, rep.", finding.ToProblem("ru-RU").Message);
    }

    private static IReadOnlyList<string> Find(Action<JsonObject> spoil)
    {
        var document = Document();
        spoil(document);
        return [.. SalesChecks.Find(Read(document), Known).Select(finding => $"{finding.Code} {(finding.Code == "noStart" ? "" : finding.ActivityId)} {finding.IsError}")];
    }

    private static JsonObject Document() => JsonNode.Parse(Shipped.Text("b2b-new-clients"))!.AsObject();

    private static WorkflowDefinition Read(JsonObject document) => Assert.IsType<Reading.Fine>(Shipped.Read(document.ToJsonString())).Definition;

    private static JsonObject Activity(JsonObject document, string id) => One(document["root"]!, id);

    private static JsonObject Body(JsonObject document, string stage) => Activity(document, stage)["body"]!.AsObject();

    private static JsonObject Inner(JsonObject document, string stage, string id) => One(Body(document, stage), id);

    private static JsonObject One(JsonNode flowchart, string id) => flowchart["activities"]!.AsArray().Single(activity => (string)activity!["id"]! == id)!.AsObject();

    private static JsonObject Expression(JsonObject activity, string input) => activity[input]!["expression"]!.AsObject();

    private static void Literal(JsonObject activity, string input, string value) =>
        activity[input] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    private static void Connections(JsonObject document, Func<JsonNode, bool> kept)
    {
        var all = document["root"]!["connections"]!.AsArray();
        document["root"]!["connections"] = new JsonArray([.. all.Where(connection => kept(connection!)).Select(connection => connection!.DeepClone())]);
    }
}
