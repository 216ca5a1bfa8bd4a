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
    [InlineData("SalesFlow.Meeting", "Members", "owner", "role:rep", "team:Choosers", "user:choices.anna")]
    [InlineData("SalesFlow.Document", "Template", "offer", "contract")]
    [InlineData("SalesFlow.CloseDeal", "Reason", "", "noBudget", "offerDeclined")]
    public async Task An_input_is_chosen_from_what_the_company_has(string type, string input, params string[] expected)
    {
        var listed = (await server.Client().GetFromJsonAsync<JsonNode>($"/elsa/api/descriptors/activities/{type}"))!["inputs"]!.AsArray().Single(one => $"{one!["name"]}" == input)!;

        Assert.Equal("dropdown", $"{listed["uiHint"]}");
        Assert.Empty(expected.Except(Values(listed["uiSpecifications"]!)));
    }

    private static IReadOnlyList<string> Values(JsonNode editor) => [.. editor["dropdown"]?["selectList"]?["items"]?.AsArray().Select(item => $"{item!["value"]}") ?? []];
}
