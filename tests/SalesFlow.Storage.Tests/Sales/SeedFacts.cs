using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Sets;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>Shipped files are taken in once, and later versions of them are offered; written once for both databases.</summary>
public abstract class SeedFacts : IAsyncLifetime
{
    private const string Template = "templates/offer.ru.scriban", Booking = "definitions/meeting-booking.json", Calendar = "calendars/ru.json";
    private static readonly Actor Owner = new(default, "Olga", [Roles.ProcessOwner], "en");
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-seeds-").FullName;
    private ServiceProvider _services = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Shipped, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(Shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        _services = SalesServer.Over(await DatabaseAsync(), new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero)), _folder);
        await using var db = Open();
        await Schema.UpdateAsync(db, default);
        await Seeds.ImportNewAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "workflows");
    private SeedCommands Seeds => _services.GetRequiredService<SeedCommands>();
    private SalesFlowDb Open() => SalesServer.Open(_services);

    [Fact]
    public async Task The_first_start_takes_everything_in_and_the_second_nothing()
    {
        Assert.All(await ListAsync(), seed => Assert.Equal(SeedState.UpToDate, seed.Value.State));
        var before = await VersionsAsync();

        await Seeds.ImportNewAsync(default);

        Assert.Equal(before, await VersionsAsync());
    }

    [Fact]
    public async Task A_newer_file_is_offered_and_not_forced_and_one_click_takes_it()
    {
        Newer();
        await Seeds.ImportNewAsync(default);

        var offered = await ListAsync();
        Assert.Equal([Calendar, Booking, Template], offered.Values.Where(seed => seed.State == SeedState.Update).Select(seed => seed.File));
        Assert.All(offered.Values.Where(seed => seed.State == SeedState.Update), seed => Assert.NotEmpty(seed.Changes));
        Assert.DoesNotContain("<!-- newer -->", await TemplateAsync(), StringComparison.Ordinal);

        await Seeds.TakeAsync([Calendar, Booking, Template], overEdits: false, dryRun: false, Owner, default);

        Assert.All(await ListAsync(), seed => Assert.Equal(SeedState.UpToDate, seed.Value.State));
        Assert.Contains("<!-- newer -->", await TemplateAsync(), StringComparison.Ordinal);
        Assert.Equal("A newer way", (await PublishedAsync("meeting-booking"))["description"]!.GetValue<string>());
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        Newer();
        var before = await VersionsAsync();

        var looked = await Seeds.TakeAsync([Booking, Template], overEdits: false, dryRun: true, Owner, default);

        Assert.Equal([SetAction.Changed, SetAction.Changed], looked.Items.Select(item => item.Action));
        Assert.Equal(before, await VersionsAsync());
        Assert.Equal(SeedState.Update, (await ListAsync())[Booking].State);
    }

    [Fact]
    public async Task What_was_edited_here_is_replaced_only_when_somebody_says_so_and_stays_as_an_older_version()
    {
        await EditTemplateAsync("<p>ours</p>");
        await EditDefinitionAsync("Ours");
        Assert.Equal((SeedState.Edited, SeedState.Edited), await StatesAsync());
        Newer();
        await Seeds.ImportNewAsync(default);
        Assert.Equal((SeedState.UpdateOverEdits, SeedState.UpdateOverEdits), await StatesAsync());

        foreach (var file in (string[])[Booking, Template])
            Assert.Contains("overEdits", (await Assert.ThrowsAsync<RefusedException>(() => Seeds.TakeAsync([Calendar, file], overEdits: false, dryRun: false, Owner, default))).Obstacles.Single().Fix, StringComparison.Ordinal);
        Assert.Equal("<p>ours</p>", await TemplateAsync());
        Assert.Equal("Ours", (await PublishedAsync("meeting-booking"))["description"]!.GetValue<string>());
        Assert.Equal(SeedState.Update, (await ListAsync())[Calendar].State);

        await Seeds.TakeAsync([Booking, Template], overEdits: true, dryRun: false, Owner, default);

        Assert.Equal((SeedState.UpToDate, SeedState.UpToDate), await StatesAsync());
        await using var db = Open();
        Assert.Equal("<p>ours</p>", await db.Templates.Where(t => t.Name == "offer.ru" && t.Version == 2).Select(t => t.Text).SingleAsync());
        Assert.Equal(3, await db.Definitions.CountAsync(row => row.DefinitionId == "meeting-booking"));

        async Task<(SeedState, SeedState)> StatesAsync() => ((await ListAsync())[Booking].State, (await ListAsync())[Template].State);
    }

    [Fact]
    public async Task What_was_deleted_here_stays_away_until_somebody_takes_it()
    {
        await _services.GetRequiredService<DefinitionStore>().DeleteAsync(["key-accounts"], default);

        await Seeds.ImportNewAsync(default);
        Assert.Equal(SeedState.Absent, (await ListAsync())["definitions/key-accounts.json"].State);

        await Seeds.TakeAsync(["definitions/key-accounts.json"], overEdits: false, dryRun: false, Owner, default);
        Assert.Equal("key-accounts", (await PublishedAsync("key-accounts"))["definitionId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_file_that_is_broken_says_so_and_takes_nothing_with_it()
    {
        Newer();
        await File.WriteAllTextAsync(Path.Combine(_folder, "templates", "offer.ru.scriban"), "{{ if }");

        Assert.NotEmpty((await ListAsync())[Template].Problems);
        await Assert.ThrowsAsync<ValidationException>(() => Seeds.TakeAsync([Booking, Template], overEdits: false, dryRun: false, Owner, default));
        Assert.Equal(SeedState.Update, (await ListAsync())[Booking].State);
        await Assert.ThrowsAsync<ValidationException>(() => Seeds.TakeAsync(["templates/../../secret"], overEdits: false, dryRun: false, Owner, default));
    }

    [Fact]
    public async Task Running_deals_stay_on_their_version()
    {
        var deal = await _services.GetRequiredService<DealCommands>().CreateAsync(new NewDeal("b2b-new-clients", "Pumps", new NewClient("Vector"), 100m, "RUB"), Owner with { Roles = [Roles.Administrator] }, default);
        await using var db = Open();
        var before = await db.Instances.AsNoTracking().Where(row => row.Id == long.Parse(deal.Id, null)).Select(row => row.DefinitionVersionId).SingleAsync();
        Newer();

        await Seeds.TakeAsync([Booking], overEdits: false, dryRun: false, Owner, default);

        Assert.Equal(before, await db.Instances.AsNoTracking().Where(row => row.Id == long.Parse(deal.Id, null)).Select(row => row.DefinitionVersionId).SingleAsync());
        Assert.NotEqual(before, (await _services.GetRequiredService<DefinitionStore>().PublishedAsync("b2b-new-clients", default)).VersionId);
    }

    private async Task<IReadOnlyDictionary<string, SeedView>> ListAsync() => (await Seeds.ListAsync(Owner, default)).ToDictionary(seed => seed.File);

    private async Task<List<string>> VersionsAsync()
    {
        await using var db = Open();
        return [.. await db.Definitions.Select(row => row.VersionId).Order().ToListAsync(), .. await db.Templates.OrderBy(t => t.Name).ThenBy(t => t.Version).Select(t => t.Name + t.Version).ToListAsync()];
    }

    private async Task<string> TemplateAsync()
    {
        await using var db = Open();
        return await db.Templates.Where(t => t.Name == "offer.ru").OrderByDescending(t => t.Version).Select(t => t.Text).FirstAsync();
    }

    private async Task EditTemplateAsync(string text)
    {
        await using var db = Open();
        db.Templates.Add(TemplateVersion.Next("offer.ru", await db.Templates.SingleAsync(t => t.Name == "offer.ru"), text, DateTimeOffset.UnixEpoch, "Olga"));
        await db.SaveChangesAsync();
    }

    private async Task EditDefinitionAsync(string description)
    {
        var document = await PublishedAsync("meeting-booking");
        document["description"] = description;
        document.Remove("id");
        await _services.GetRequiredService<DefinitionStore>().PublishAsync(DefinitionDocument.Write(document), default);
    }

    private async Task<JsonObject> PublishedAsync(string id) => DefinitionDocument.Parse((await _services.GetRequiredService<DefinitionStore>().PublishedAsync(id, default)).Document);

    /// <summary>A newer release: another template, another calendar, another sub-process.</summary>
    private void Newer()
    {
        Edit(Template, text => text + "<!-- newer -->");
        Edit(Calendar, text => text.Replace("\"18:00\"", "\"17:00\"", StringComparison.Ordinal));
        Edit("meeting-booking.json", text =>
        {
            var document = DefinitionDocument.Parse(text);
            document["description"] = "A newer way";
            return DefinitionDocument.Write(document);
        });

        void Edit(string file, Func<string, string> edit) => File.WriteAllText(Path.Combine(_folder, file), edit(File.ReadAllText(Path.Combine(_folder, file))));
    }
}

public sealed class SeedsOnSqlite : SeedFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("seeds-db");
}

public sealed class SeedsOnPostgres : SeedFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
