using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Studio.Tests;

[Collection(OneStudio.Name)]
public sealed class ApiAccessTests(StudioServer server)
{
    [Theory]
    [InlineData(Roles.Rep, HttpStatusCode.Forbidden)]
    [InlineData(Roles.HeadOfSales, HttpStatusCode.Forbidden)]
    [InlineData(Roles.Approver, HttpStatusCode.Forbidden)]
    [InlineData(Roles.ProcessOwner, HttpStatusCode.OK)]
    [InlineData(Roles.Administrator, HttpStatusCode.OK)]
    public async Task Only_process_owners_and_administrators_reach_the_api(string role, HttpStatusCode expected) =>
        Assert.Equal(expected, (await server.As(role).GetAsync("/elsa/api/package/version")).StatusCode);

    [Theory]
    [InlineData("/elsa/api/package/version", HttpStatusCode.Unauthorized, true)]
    [InlineData("/elsa/api/nope", HttpStatusCode.NotFound, false)]
    public async Task A_refusal_is_a_problem_document_even_for_a_browser(string path, HttpStatusCode expected, bool anonymous)
    {
        using var client = anonymous ? server.Anonymous() : server.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        var answer = await client.GetAsync(path);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)expected, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["status"]!.GetValue<int>());
    }
}
