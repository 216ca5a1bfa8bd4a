using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>A server whose shipped files have become newer while it was running.</summary>
public sealed class SeedTests : IAsyncLifetime
{
    private const string Template = "templates/offer.en.scriban";
    private readonly string folder = Directory.CreateTempSubdirectory("salesflow-shipped-").FullName;
    private readonly RunningServer server;

    public SeedTests()
    {
        foreach (var file in Directory.EnumerateFiles(ServerOptions.ShippedWorkflows, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(ServerOptions.ShippedWorkflows, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        server = new RunningServer { Workflows = folder };
    }

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_process_owner_sees_what_is_newer_looks_at_it_and_takes_it()
    {
        Assert.Equal("upToDate", (await StateAsync())["state"]!.GetValue<string>());
        await File.AppendAllTextAsync(Path.Combine(folder, "templates", "offer.en.scriban"), "<!-- newer -->\n");

        var offered = await StateAsync();
        var looked = await TakeAsync("?dryRun=true");
        var still = await StateAsync();
        var taken = await TakeAsync("");

        Assert.Equal(("update", 1), (offered["state"]!.GetValue<string>(), offered["changes"]!.AsArray().Count));
        Assert.Equal("update", still["state"]!.GetValue<string>());
        Assert.Equal((true, false), (looked["dryRun"]!.GetValue<bool>(), taken["dryRun"]!.GetValue<bool>()));
        Assert.Equal("upToDate", (await StateAsync())["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_file_that_is_not_shipped_is_refused_by_its_name()
    {
        var answer = await server.As(Roles.ProcessOwner).PostAsJsonAsync("/api/seeds/take", new { files = new[] { "templates/../settings.json" } });

        Assert.Contains("../settings.json", (await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest))["errors"]!["files"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_lists_what_is_newer_and_takes_it_while_the_server_runs()
    {
        using var program = new Commands.Program();
        Task<Commands.Program.Answer> RunAsync(params string[] arguments) => program.RunAsync(["seeds", "--data", server.Folder, "--workflows", folder, .. arguments]);
        await File.AppendAllTextAsync(Path.Combine(folder, "templates", "offer.en.scriban"), "<!-- newer -->\n");

        var listed = await RunAsync();
        var tried = await RunAsync("--take-all", "--dry-run");
        var still = await StateAsync();
        var taken = await RunAsync("--take-all");
        var after = await StateAsync();
        var unknown = await RunAsync("--take", "../settings.json");

        Assert.Equal((0, ""), (listed.ExitCode, listed.Errors));
        Assert.Equal([$"newer: {Template}"], listed.Out.Where(line => line.Contains("newer", StringComparison.Ordinal) && !line.StartsWith(' ')));
        Assert.Equal((0, $"would be changed: {Template}"), (tried.ExitCode, tried.Out[0]));
        Assert.Equal((0, $"changed: {Template}"), (taken.ExitCode, taken.Out[0]));
        Assert.Equal(("update", "upToDate"), (still["state"]!.GetValue<string>(), after["state"]!.GetValue<string>()));
        Assert.Equal(64, unknown.ExitCode);
        Assert.Contains("../settings.json", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_leaves_what_was_edited_here_unless_it_is_told_to_replace_it()
    {
        using var program = new Commands.Program();
        Task<Commands.Program.Answer> RunAsync(params string[] arguments) => program.RunAsync(["seeds", "--data", server.Folder, "--workflows", folder, .. arguments]);
        Assert.True((await server.As(Roles.ProcessOwner).PutAsJsonAsync("/api/templates/offer.en", new { text = "<p>mine</p>" })).IsSuccessStatusCode);
        await File.AppendAllTextAsync(Path.Combine(folder, "templates", "offer.en.scriban"), "<!-- newer -->\n");

        var listed = await RunAsync();
        await RunAsync("--take-all");
        var left = await TextAsync();
        var taken = await RunAsync("--take-all", "--over-edits");
        var replaced = await TextAsync();

        Assert.Contains($"newer, but edited here: {Template}", listed.Out);
        Assert.Equal("<p>mine</p>", left);
        Assert.Equal((0, $"changed: {Template}"), (taken.ExitCode, taken.Out[0]));
        Assert.DoesNotContain("mine", replaced, StringComparison.Ordinal);
    }

    private async Task<string> TextAsync() => (await server.As(Roles.ProcessOwner).GetFromJsonAsync<JsonObject>("/api/templates/offer.en"))!["text"]!.GetValue<string>();

    private async Task<JsonNode> StateAsync() =>
        (await server.As(Roles.ProcessOwner).GetFromJsonAsync<JsonObject>("/api/seeds"))!["items"]!.AsArray().Single(seed => seed!["file"]!.GetValue<string>() == Template)!;

    private async Task<JsonObject> TakeAsync(string query)
    {
        var answer = await server.As(Roles.ProcessOwner).PostAsJsonAsync("/api/seeds/take" + query, new { files = new[] { Template } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
