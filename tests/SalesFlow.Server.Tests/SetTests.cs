using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Whole processes move between installations, exactly and without halves.</summary>
public sealed class SetTests : IAsyncLifetime
{
    private readonly RunningServer here = new();

    public ValueTask InitializeAsync() => here.InitializeAsync();

    public ValueTask DisposeAsync() => here.DisposeAsync();

    [Fact]
    public async Task A_set_arrives_in_an_empty_installation_works_there_and_leaves_it_byte_for_byte_as_it_came()
    {
        var changed = await here.As(Roles.ProcessOwner).PutAsJsonAsync("/api/pipelines/b2b-new-clients/stages/qualification", new { limitHours = 7 });
        Assert.True(changed.IsSuccessStatusCode);
        var set = await ExportAsync(here);
        using var bare = new BareFolder();
        await using var there = new RunningServer { Workflows = bare.Path };
        await there.InitializeAsync();

        var looked = await ImportAsync(there, set, dryRun: true);
        await HttpFacts.AssertProblemAsync(await there.As(Roles.Administrator).GetAsync("/api/pipelines/b2b-new-clients"), HttpStatusCode.NotFound);
        var first = await ImportAsync(there, set);
        var again = await ImportAsync(there, set);

        Assert.Equal(Actions(looked), Actions(first));
        Assert.Contains("added definitions/client-qualification.json", Actions(first));
        Assert.Contains("added templates/offer.ru.scriban", Actions(first));
        Assert.All(Actions(again), action => Assert.StartsWith("left ", action, StringComparison.Ordinal));
        Assert.Equal(set, await ExportAsync(there));
        var deal = await there.CreateDealAsync();
        Assert.Equal("qualification", deal["stage"]!["key"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_export_holds_the_pipelines_that_were_named_and_says_when_there_is_none_of_that_name()
    {
        var named = await here.As(Roles.Administrator).GetAsync("/api/sets?pipeline=b2b-new-clients&pipeline=b2b-new-clients");

        Assert.Equal("b2b-new-clients.zip", named.Content.Headers.ContentDisposition!.FileName);
        using var zip = new ZipArchive(await named.Content.ReadAsStreamAsync());
        Assert.Contains("definitions/b2b-new-clients.json", zip.Entries.Select(entry => entry.FullName));
        var problem = await here.As(Roles.Administrator).GetAsync("/api/sets?pipeline=no-such-pipeline");
        Assert.Equal(HttpStatusCode.NotFound, problem.StatusCode);
        Assert.Contains("no-such-pipeline", await problem.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_differs_is_told_before_and_done_after_and_what_uses_it_follows()
    {
        var set = Edited(await ExportAsync(here), "templates/offer.en.scriban", text => text + "<!-- ours -->\n");
        set = Edited(set, "calendars/ru.json", text => text.Replace("\"18:00\"", "\"17:00\"", StringComparison.Ordinal));
        set = Edited(set, "definitions/meeting-booking.json", text => Described(text, "A meeting, our way"));

        var outcome = await ImportAsync(here, set);

        var actions = Actions(outcome);
        Assert.Contains("changed templates/offer.en.scriban", actions);
        Assert.Contains("changed calendars/ru.json", actions);
        Assert.Contains("changed definitions/meeting-booking.json", actions);
        Assert.Contains("changed definitions/b2b-new-clients.json", actions);
        Assert.Contains("left definitions/commercial-offer.json", actions);
        Assert.All(Actions(await ImportAsync(here, await ExportAsync(here))), action => Assert.StartsWith("left ", action, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_broken_definition_keeps_everything_else_out_too()
    {
        var before = await ExportAsync(here);
        var set = Edited(before, "templates/offer.en.scriban", text => text + "<!-- ours -->\n");
        set = Edited(set, "definitions/terms-approval.json", text => Broken(text));

        var answer = await PostAsync(here, set, dryRun: false);

        var problem = await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest);
        Assert.Contains("definitions/terms-approval.json", problem["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(before, await ExportAsync(here));
    }

    /// <summary>Seeds that are a calendar and nothing else.</summary>
    private sealed class BareFolder : IDisposable
    {
        public BareFolder()
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, "calendars"));
            File.Copy(System.IO.Path.Combine(ServerOptions.ShippedWorkflows, "calendars", "ru.json"), System.IO.Path.Combine(Path, "calendars", "ru.json"));
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("salesflow-bare-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    internal static byte[] With(byte[]? zip, params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        bytes.Write(zip ?? []);
        using (var archive = new ZipArchive(bytes, zip is null ? ZipArchiveMode.Create : ZipArchiveMode.Update, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        return bytes.ToArray();
    }

    internal static byte[] Edited(byte[] zip, string file, Func<string, string> edit)
    {
        using var bytes = new MemoryStream();
        bytes.Write(zip);
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.GetEntry(file)!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
                text = edit(reader.ReadToEnd());
            entry.Delete();
            using var content = archive.CreateEntry(file).Open();
            content.Write(Encoding.UTF8.GetBytes(text));
        }
        return bytes.ToArray();
    }

    /// <summary>A process with a task for a role that nobody has.</summary>
    private static string Broken(string text)
    {
        var document = JsonNode.Parse(text)!.AsObject();
        document["root"]!["activities"]!.AsArray().Add(JsonNode.Parse("{\"id\":\"lost\",\"type\":\"SalesFlow.Task\",\"assignee\":{\"typeName\":\"String\",\"expression\":{\"type\":\"Literal\",\"value\":\"role:nobody\"}}}"));
        return document.ToJsonString();
    }

    private static string Described(string text, string description)
    {
        var document = JsonNode.Parse(text)!.AsObject();
        document["description"] = description;
        return document.ToJsonString();
    }

    internal static async Task<byte[]> ExportAsync(RunningServer server)
    {
        var answer = await server.As(Roles.Administrator).GetAsync("/api/sets");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    internal static Task<HttpResponseMessage> PostAsync(RunningServer server, byte[] set, bool dryRun) =>
        server.As(Roles.Administrator).PostAsync($"/api/sets?dryRun={(dryRun ? "true" : "false")}", new ByteArrayContent(set) { Headers = { ContentType = new("application/zip") } });

    private static async Task<JsonObject> ImportAsync(RunningServer server, byte[] set, bool dryRun = false)
    {
        var answer = await PostAsync(server, set, dryRun);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static string[] Actions(JsonObject outcome) => [.. outcome["items"]!.AsArray().Select(item => $"{item!["action"]!.GetValue<string>()} {item["file"]!.GetValue<string>()}").Order(StringComparer.Ordinal)];
}
