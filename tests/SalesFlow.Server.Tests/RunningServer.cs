using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Server;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>Tests that talk to one running server.</summary>
[CollectionDefinition(Name)]
public sealed class OneServer : ICollectionFixture<RunningServer>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "one server";
}

/// <summary>The real server on a free port, with its own SQLite file and one person (with an API key) per role.</summary>
public class RunningServer : IAsyncLifetime
{
    /// <summary>Password of everybody here.</summary>
    public const string Password = "correct horse battery";
    private readonly string folder = Directory.CreateTempSubdirectory("salesflow-").FullName;
    private readonly Dictionary<string, string> keys = [];

    /// <summary>The server.</summary>
    public WebApplication App { get; private set; } = null!;
    /// <summary>Where it listens.</summary>
    public Uri Address => new(App.Urls.First());

    /// <summary>Its data folder.</summary>
    public string Folder => folder;

    /// <summary>Folder of the seeds; the shipped ones when it is not set.</summary>
    public string Workflows { get; init; } = ServerOptions.ShippedWorkflows;

    /// <inheritdoc />
    public virtual async ValueTask InitializeAsync()
    {
        if (Settings is { } settings)
            await File.WriteAllTextAsync(Path.Combine(folder, "settings.json"), settings);
        var options = new ServerOptions { Urls = "http://127.0.0.1:0", DataFolder = folder, AdminPassword = Password, ApiKey = "key-of-the-administrator", WorkflowsFolder = Workflows };
        App = ServerHost.Build(options);
        await FirstRun.PrepareAsync(App.Services, options, CancellationToken.None);
        await App.StartAsync();
        foreach (var role in Roles.All)
            await HireAsync(role, role);
        await HireAsync("rep2", Roles.Rep);
    }

    /// <summary>What its settings.json says; there is none by default.</summary>
    public string? Settings { get; init; }

    /// <summary>A client that presents the key of a person; English texts.</summary>
    public HttpClient As(string person)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", keys[person]);
        return client;
    }

    /// <summary>A client that nobody signed in.</summary>
    public HttpClient Anonymous()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return client;
    }

    /// <summary>A browser's client with the cookie of a person.</summary>
    public async Task<HttpClient> SignedInAsync(string person)
    {
        var client = Anonymous();
        var answer = await client.PostAsJsonAsync("/api/sign-in", new { userName = person, password = Password });
        Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
        return client;
    }

    /// <summary>A new deal of the shipped pipeline, owned by the rep.</summary>
    public async Task<JsonObject> CreateDealAsync(string person = Roles.Rep, string? title = null)
    {
        var answer = await As(person).PostAsJsonAsync("/api/deals", Given.Deal(title ?? "Turnstiles"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Adds a person, with a key that <see cref="As"/> presents.</summary>
    public async Task HireAsync(string name, string role)
    {
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = name, DisplayName = $"Test {name}", Language = "en" };
        Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, role)).Succeeded);
        keys[name] = await scope.ServiceProvider.GetRequiredService<ApiKeyCommands>().CreateAsync(new UserId(user.Id), "tests", CancellationToken.None);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
