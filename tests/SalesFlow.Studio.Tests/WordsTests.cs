using System.Net;

namespace SalesFlow.Studio.Tests;

/// <summary>A request with a wrong word or a value of another kind is answered in words that help whoever wrote it.</summary>
public sealed class WordsTests(StudioServer server) : IClassFixture<StudioServer>
{
    [Theory]
    [InlineData("""{"orderBy": "Colour"}""", "'Colour' is unknown; expected Created")]
    [InlineData("""{"statuses": ["Asleep"]}""", "'Asleep' is unknown; expected Running, Finished.")]
    [InlineData("""{"timestampFilters": [{"column": "Nope"}]}""", "'Nope' is unknown; expected CreatedAt")]
    [InlineData("""{"page": "first"}""", "The value is of another kind than expected: a whole number.")]
    [InlineData("""{"hasIncidents": "yes"}""", "The value is of another kind than expected: true or false.")]
    [InlineData("""{"definitionIds": "one"}""", "The value is of another kind than expected: a list.")]
    public async Task It_says_what_was_expected_and_names_no_type_of_the_program(string body, string expected)
    {
        var answer = await server.Client().PostAsync("/elsa/api/workflow-instances", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var said = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"statuses": ["finished"]}""")]
    [InlineData("""{"statuses": [1], "orderDirection": "ASCENDING"}""")]
    public async Task Words_are_read_in_any_case_and_by_number(string body) =>
        Assert.Equal(HttpStatusCode.OK, (await server.Client().PostAsync("/elsa/api/workflow-instances", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).StatusCode);
}
