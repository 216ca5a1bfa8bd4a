using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Studio.Tests.Descriptors;

/// <summary>What the toolbox and the panels offer: the company's own people, roles, teams, templates and matrices, and nothing that cannot run here.</summary>
public sealed class ChoicesTests(StudioServer server) : IClassFixture<StudioServer>, IAsyncLifetime
{
    /// <summary>Before anything is asked for: what was read is kept for a moment.</summary>
    public async ValueTask InitializeAsync() =>
        await server.As(Roles.Administrator).PostAsJsonAsync("/api/users", new { name = "choices.anna", displayName = "Anna", roles = new[] { "rep" }, team = "Choosers" });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("SalesFlow.Task", "Assignee", "owner", "role:rep", "user:choices.anna")]
    [InlineData("SalesFlow.Notify", "To", "owner", "client", "role:headOfSales", "user:choices.anna")]
    [InlineData("SalesFlow.Assign", "Role", "rep", "headOfSales")]
    [InlineData("SalesFlow.Assign", "Team", "", "Choosers")]
    [InlineData("SalesFlow.Approval", "Matrix", "terms")]
    [InlineData("SalesFlow.Approval", "Fallback", "role:headOfSales", "user:choices.anna")]
    [InlineData("SalesFlow.Document", "Template", "offer", "contract")]
    [InlineData("SalesFlow.CloseDeal", "Reason", "", "noBudget", "offerDeclined")]
    public async Task An_input_is_chosen_from_what_the_company_has(string type, string input, params string[] expected)
    {
        var listed = (await server.Client().GetFromJsonAsync<JsonNode>($"/elsa/api/descriptors/activities/{type}"))!["inputs"]!.AsArray().Single(one => $"{one!["name"]}" == input)!;

        Assert.Equal("dropdown", $"{listed["uiHint"]}");
        Assert.Empty(expected.Except(Values(listed["uiSpecifications"]!)));
    }

    [Fact]
    public async Task Members_of_a_meeting_are_ticked_off_in_a_list_of_what_the_company_has()
    {
        var listed = (await server.Client().GetFromJsonAsync<JsonNode>("/elsa/api/descriptors/activities/SalesFlow.Meeting"))!["inputs"]!.AsArray().Single(one => $"{one!["name"]}" == "Members")!;
        var asked = await (await server.Client().PostAsJsonAsync("/elsa/api/descriptors/activities/SalesFlow.Meeting/options/Members", new { context = new { } })).Content.ReadFromJsonAsync<JsonNode>();

        Assert.Equal(("checklist", "Object"), ($"{listed["uiHint"]}", $"{listed["defaultSyntax"]}"));
        foreach (var editor in new[] { listed["uiSpecifications"]!, asked!["items"]! })
        {
            Assert.True(editor["Refresh"]!.GetValue<bool>());
            Assert.Empty(new[] { "owner", "role:rep", "team:Choosers", "user:choices.anna" }.Except(editor["checklist"]!["checkList"]!["items"]!.AsArray().Select(item => $"{item!["value"]}")));
        }
    }

    [Theory]
    [InlineData("Literal", "owner, role:rep", "Object", """["owner","role:rep"]""")]
    [InlineData("Object", """["owner"]""", "Object", """["owner"]""")]
    [InlineData("Liquid", "owner", "Liquid", "owner")]
    public async Task A_list_that_was_written_as_words_is_shown_as_one_to_tick_off(string type, string value, string shownType, string shown)
    {
        var meeting = new JsonObject { ["id"] = "meet", ["type"] = "SalesFlow.Meeting", ["version"] = 1, ["members"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } } };
        var id = $"members-{type}";
        var document = new JsonObject { ["definitionId"] = id, ["name"] = id, ["root"] = new JsonObject { ["id"] = "flow", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(meeting), ["connections"] = new JsonArray() } };
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/import", document)).EnsureSuccessStatusCode();

        var drawn = (await server.Client().GetFromJsonAsync<JsonNode>($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Latest"))!["root"]!["activities"]![0]!["members"]!["expression"]!;

        Assert.Equal((shownType, shown), ($"{drawn["type"]}", $"{drawn["value"]}"));
    }

    private static IReadOnlyList<string> Values(JsonNode editor) => [.. editor["dropdown"]?["selectList"]?["items"]?.AsArray().Select(item => $"{item!["value"]}") ?? []];
}
