using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Who decides on which terms is changed on the running system.</summary>
public sealed class ApprovalMatrixTests : IAsyncLifetime
{
    private const string Path = "/api/approval-matrix";
    private readonly RunningServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private HttpClient Owner => server.As(Roles.ProcessOwner);

    [Fact]
    public async Task The_shipped_matrix_is_in_force_from_the_first_start_and_a_saved_one_is_the_next_version()
    {
        var shipped = (await Owner.GetFromJsonAsync<JsonObject>(Path))!;
        var matrix = shipped["matrix"]!.DeepClone().AsObject();
        matrix["rows"]!.AsArray().RemoveAt(3);

        var saved = await ReadAsync(await Owner.PutAsJsonAsync(Path, matrix));
        var again = await ReadAsync(await Owner.PutAsJsonAsync(Path, matrix));

        Assert.Equal((1, 2, 2), (shipped["version"]!.GetValue<int>(), saved["version"]!.GetValue<int>(), again["version"]!.GetValue<int>()));
        Assert.Empty(shipped["findings"]!.AsArray());
        Assert.All(saved["findings"]!.AsArray(), gap => Assert.Contains("Payment, days: 31", gap!["message"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Equal("gap", saved["findings"]![0]!["kind"]!.GetValue<string>());
        Assert.Equal(4, (await Owner.GetFromJsonAsync<JsonObject>($"{Path}?version=1"))!["matrix"]!["rows"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"rows":[{"when":{"discount":{"over":9,"upTo":3}},"levels":[]}]}""", "rows[0].when.discount")]
    [InlineData("""{"rows":[{"when":{},"levels":[{"key":"cfo","name":{"ru":"Ф","en":"F"},"who":["user:nobody.here"]}]}]}""", "rows[0].levels[0].who")]
    [InlineData("{}", "rows")]
    [InlineData("""{"rows":[{"when":{},"levels":[null]}]}""", "rows[0].levels[0].key")]
    public async Task What_makes_no_sense_is_refused_where_it_stands_and_nothing_is_saved(string matrix, string where)
    {
        var answer = await Owner.PutAsync(Path, new StringContent(matrix, System.Text.Encoding.UTF8, "application/json"));

        var problem = await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest);
        Assert.Contains(where, problem["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(1, (await Owner.GetFromJsonAsync<JsonObject>(Path))!["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task Who_saves_over_somebody_elses_version_is_told()
    {
        var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = JsonContent.Create(new { rows = Array.Empty<object>() }) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"7\""));

        await HttpFacts.AssertProblemAsync(await Owner.SendAsync(request), HttpStatusCode.PreconditionFailed);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
