using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Server;

namespace SalesFlow.Studio.Tests;

/// <summary>Tests that share one running server: they must not mind what the others left.</summary>
[CollectionDefinition(Name)]
public sealed class OneStudio : ICollectionFixture<StudioServer>
{
    public const string Name = "one studio";
}

/// <summary>The real server on a free port with its own SQLite file, and one person with an API key per role.</summary>
public class StudioServer : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-studio-").FullName;
    private readonly Dictionary<string, string> _keys = [];

    /// <summary>What its settings.json says; there is none by default.</summary>
    public virtual string? Settings => null;

    /// <summary>A PostgreSQL database instead of a SQLite file.</summary>
    public string? Database { get; init; }
    public WebApplication App { get; private set; } = null!;
    public Uri Address => new(App.Urls.First());

    public async ValueTask InitializeAsync()
    {
        if (Settings is { } settings)
            await File.WriteAllTextAsync(Path.Combine(_folder, "settings.json"), settings);
        var options = new ServerOptions { Urls = "http://127.0.0.1:0", DataFolder = _folder, AdminPassword = Password, Database = Database };
        App = ServerHost.Build(options);
        await FirstRun.PrepareAsync(App.Services, options, CancellationToken.None);
        await App.StartAsync();
        foreach (var role in Roles.All)
            await HireAsync(role);
    }

    /// <summary>A script's client with the key of a person of that role.</summary>
    public HttpClient As(string role, string language = "en")
    {
        var client = Anonymous(language);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", _keys[role]);
        return client;
    }

    /// <summary>The API key of the person with that role.</summary>
    public string KeyOf(string role) => _keys[role];

    /// <summary>The usual client of Studio: a process owner.</summary>
    public HttpClient Client() => As(Roles.ProcessOwner);

    public HttpClient Anonymous(string language = "en")
    {
        // A body that is refused unread is not sent at all: on a busy machine the answer may take longer than the second that is waited for it by default.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = Address };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    /// <summary>Ends when the next instances, whichever they are, have finished.</summary>
    public Task NextFinish(int instances = 1)
    {
        var finished = new TaskCompletionSource();
        var feed = App.Services.GetRequiredService<TurnFeed>();
        feed.Committed += Hear;
        return finished.Task.WaitAsync(TimeSpan.FromSeconds(30));

        void Hear(TurnOutcome outcome)
        {
            if (outcome.Turn.State.Status != WorkflowStatus.Finished || Interlocked.Decrement(ref instances) > 0)
                return;
            feed.Committed -= Hear;
            finished.TrySetResult();
        }
    }

    private async Task HireAsync(string role)
    {
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = role, DisplayName = $"Test {role}", Language = "en" };
        Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, role)).Succeeded);
        _keys[role] = await scope.ServiceProvider.GetRequiredService<ApiKeyCommands>().CreateAsync(new UserId(user.Id), "tests", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A server that lists the activities for code of the host's languages, as a recorded Elsa does.</summary>
public sealed class HostCodeServer : StudioServer
{
    public override string Settings => """{"Workflows": {"Toolbox": {"HostCode": true}}}""";
}
