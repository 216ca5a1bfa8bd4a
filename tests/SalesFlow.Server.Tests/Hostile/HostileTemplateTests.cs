using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>Templates that would run for ever, fill the memory or include themselves.</summary>
public sealed class HostileTemplateTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("{{ while true }}x{{ end }}")]
    [InlineData("{{ for i in 1..1000000000 }}x{{ end }}")]
    [InlineData("{{ for i in 1..9000 }}{{ for j in 1..9000 }}{{ k = j }}{{ end }}{{ end }}")]
    [InlineData("{{ func f(x) }}{{ f x }}{{ f x }}{{ end }}{{ f 1 }}")]
    [InlineData("{{ x = 'a' }}{{ for i in 1..60 }}{{ x = x + x }}{{ end }}{{ x }}")]
    [InlineData("{{ 'x' | string.pad_left 2000000000 }}")]
    [InlineData("{{ 'x' * 2000000000 }}")]
    [InlineData("{{ (1..2000000000) | array.size }}")]
    [InlineData("{{ x = [1] }}{{ for i in 1..40 }}{{ x = array.add_range x x }}{{ end }}{{ x | array.size }}")]
    [InlineData("{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex.match '^(a+)+$' }}")]
    [InlineData("{{ x = [] }}{{ x[0] = x }}{{ x }}")]
    [InlineData("{{ (1..9000) | array.join (1..9000 | array.join 'xxxxxxxxxx') }}")]
    [InlineData("{{ 9 ^ 999999999 }}")]
    [InlineData("{{ math.format 1 'D999999999' }}")]
    public async Task One_that_would_never_end_is_stopped_soon_with_a_sentence(string text)
    {
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();
        var clock = Stopwatch.StartNew();

        var saved = await server.As(Roles.ProcessOwner).PutAsJsonAsync("/api/templates/offer.en?dryRun=true", new { text });
        var shown = await server.As(Roles.ProcessOwner).PostAsJsonAsync("/api/templates/offer.en/preview", new { dealId = deal, text });

        Assert.True(saved.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, await saved.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        var preview = (await shown.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.NotEmpty(preview["errors"]!.AsArray());
        Assert.Null(preview["html"]);
        Assert.True(clock.Elapsed < Soon, $"It took {clock.Elapsed}.");
    }

    [Theory]
    [InlineData("{{ include '_loop' }}")]
    [InlineData("{{ layout '_loop' }}")]
    [InlineData("{{ x = '_loop' }}{{ include x }}")]
    [InlineData("{{ x = '_loop' }}{{ layout x }}")]
    [InlineData("{{ include ('_lo' + 'op') }}")]
    [InlineData("{{ ['_loop'] | array.each @include }}")]
    [InlineData("{{ f = @include }}{{ f '_loop' }}")]
    [InlineData("{{ g = @layout }}{{ g '_loop' }}")]
    public async Task One_that_includes_itself_by_whatever_way_is_refused(string text)
    {
        await server.As(Roles.ProcessOwner).PutAsJsonAsync("/api/templates/_loop.en", new { text = "<p>harmless</p>" });

        await HttpFacts.AssertProblemAsync(await server.As(Roles.ProcessOwner).PutAsJsonAsync("/api/templates/_loop.en", new { text }), HttpStatusCode.BadRequest);

        var kept = (await server.As(Roles.ProcessOwner).GetFromJsonAsync<JsonObject>("/api/templates/_loop.en"))!;
        Assert.Equal("<p>harmless</p>", kept["text"]!.GetValue<string>());
    }
}
