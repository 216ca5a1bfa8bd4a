using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Browser.Tests.Studio;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Server;

namespace SalesFlow.Browser.Tests;

/// <summary>Tests that share one server and one browser, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneCompany : ICollectionFixture<RunningCompany>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "one company";
}

/// <summary>The real server on a free port with a data folder of its own, one person of every role, and Debian's Chromium.</summary>
public sealed class RunningCompany : IAsyncLifetime
{
    /// <summary>Password of everybody here.</summary>
    public const string Password = "correct horse battery";
    private const string Chromium = "/usr/bin/chromium";
    private static readonly string[] Quietly =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-browser-").FullName;
    private readonly Dictionary<string, string> _signedIn = [];
    private readonly Dictionary<string, IBrowserContext> _designers = [];
    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>False where there is no browser: every test is skipped then.</summary>
    public bool IsRunning => _app is not null;

    /// <summary>The server's data folder.</summary>
    public string Folder => _folder;

    /// <summary>Where the server listens.</summary>
    public string Address => _app!.Urls.First();

    /// <summary>The server's services, to prepare what a test is not about.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
            return;
        var options = new ServerOptions { Urls = "http://127.0.0.1:0", DataFolder = _folder, AdminPassword = Password };
        _app = ServerHost.Build(options);
        await FirstRun.PrepareAsync(_app.Services, options, CancellationToken.None);
        await _app.StartAsync();
        foreach (var role in Roles.All)
            await HireAsync(role, role);
        await HireAsync("rep2", Roles.Rep);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Quietly, Timeout = 120_000 });
    }

    /// <summary>A browser window in which nobody has signed in.</summary>
    public Task<Visitor> VisitAsync(string language = "ru", int width = 1440, int height = 900) => OpenAsync(null, language, width, height);

    /// <summary>A browser window of a person, at the first page; signed in through the form, the first time.</summary>
    public async Task<Visitor> SignInAsync(string person, string language = "ru", int width = 1440, int height = 900)
    {
        var visitor = await OpenAsync(_signedIn.GetValueOrDefault(person), language, width, height);
        if (_signedIn.ContainsKey(person))
            await visitor.GoAsync("/");
        else
        {
            await visitor.SignInAsync(person, Password);
            _signedIn[person] = await visitor.Page.Context.StorageStateAsync();
        }
        return visitor;
    }

    /// <summary>A tab of the process owner with Elsa Studio in it. Tabs of one language share their cache: Studio is big.</summary>
    public async Task<StudioTab> OpenStudioAsync(string path, string language = "ru")
    {
        if (!_designers.TryGetValue(language, out var context))
        {
            await using var visitor = await SignInAsync(Roles.ProcessOwner, language);
            _designers[language] = context = await NewContextAsync(_signedIn[Roles.ProcessOwner], language, 1440, 900);
        }
        var tab = new StudioTab(await context.NewPageAsync(), language, Address);
        await tab.OpenAsync(path);
        return tab;
    }

    /// <summary>Who a person is for commands.</summary>
    public async Task<Actor> ActorAsync(string person)
    {
        var users = Services.GetRequiredService<UserQueries>();
        return (await users.ActorAsync((await users.FindAsync(person, default))!.Value, default))! with { Language = "en" };
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Visitor> OpenAsync(string? state, string language, int width, int height) =>
        new(await (await NewContextAsync(state, language, width, height)).NewPageAsync(), language);

    private async Task<IBrowserContext> NewContextAsync(string? state, string language, int width, int height)
    {
        Assert.SkipWhen(_browser is null, $"There is no Chromium at {Chromium}. Install it with: apt-get install chromium");
        return await _browser.NewContextAsync(new()
        {
            BaseURL = Address, StorageState = state, Locale = language == "ru" ? "ru-RU" : "en-US", TimezoneId = "Europe/Moscow", ViewportSize = new() { Width = width, Height = height },
        });
    }

    private async Task HireAsync(string name, string role)
    {
        await using var scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = name, DisplayName = $"Test {name}", Language = "en" };
        Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, role)).Succeeded);
    }
}
