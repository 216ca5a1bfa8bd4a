using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Engine;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Browser.Tests;

/// <summary>An administrator changes a stage on the running system, and a running deal obeys. Key accounts are used: the other tests sell to new clients.</summary>
[Collection(OneCompany.Name)]
public sealed class PipelineTests(RunningCompany company)
{
    private const string Key = "key-accounts", Stage = $"/pipeline/{Key}/stakeholders";

    private T Service<T>() where T : notnull => company.Services.GetRequiredService<T>();

    [Fact]
    public async Task A_lowered_limit_and_a_new_required_field_reach_a_running_deal_at_once_and_nothing_runs_again()
    {
        var (deal, before) = await MappingDealAsync("Follows");
        await using var rep = await company.SignInAsync("rep", "en");
        await rep.GoAsync($"/deals/{deal.Id}");
        await Visitor.Expect(rep.Page.Locator(".step-current .step-time")).ToContainTextAsync("80 h");
        await Visitor.Expect(rep.Page.Locator(".next .obstacles")).Not.ToContainTextAsync("procurement");
        await using var admin = await company.SignInAsync("administrator", "en");
        var version = await PublishedVersionAsync(admin);

        await admin.GoAsync(Stage);
        await admin.Page.GetByLabel("Time limit, working hours").FillAsync("4");
        await AddFieldAsync(admin, "procurement");
        await admin.Button("Показать изменения", "Review the changes").ClickAsync();
        var review = admin.Page.Locator(".review");
        await Visitor.Expect(review.Locator(".diff")).ToContainTextAsync("limit 80 h → 4 h");
        await Visitor.Expect(review.Locator(".diff")).ToContainTextAsync("procurement");
        Assert.Equal(version, await PublishedVersionAsync(admin));
        await review.GetByRole(AriaRole.Button, new() { Name = $"Publish version {version + 1}" }).ClickAsync();
        await Visitor.Expect(admin.Page.Locator(".published")).ToContainTextAsync($"Version {version + 1} is in force");

        await Visitor.Expect(rep.Page.Locator(".step-current .step-time")).ToContainTextAsync("4 h");
        await Visitor.Expect(rep.Page.Locator(".next .obstacles")).ToContainTextAsync("procurement");
        Assert.Equal(version + 1, await PublishedVersionAsync(admin));
        Assert.Equal(before, await TasksAsync(deal));
        rep.AssertNothingBroke();
        admin.AssertNothingBroke();
    }

    [Fact]
    public async Task A_deal_stays_when_it_is_told_to_and_the_former_version_can_be_published_again()
    {
        var (deal, _) = await MappingDealAsync("Stays");
        await using var admin = await company.SignInAsync("administrator");
        var version = await PublishedVersionAsync(admin);

        await admin.GoAsync(Stage);
        await admin.Page.GetByLabel("Вероятность победы, %").FillAsync("33");
        await admin.Button("Показать изменения", "").ClickAsync();
        await admin.Page.Locator(".review").GetByRole(AriaRole.Radio).Last.CheckAsync();
        await admin.Page.Locator(".review").GetByRole(AriaRole.Button, new() { Name = "Опубликовать" }).ClickAsync();
        await Visitor.Expect(admin.Page.Locator(".published")).ToBeVisibleAsync();
        Assert.Equal(deal.DefinitionVersion, (await ReadAsync(deal)).DefinitionVersion);

        await admin.GoAsync($"/pipeline?key={Key}");
        var versions = admin.Page.Locator(".versions > li");
        await Visitor.Expect(versions.First).ToContainTextAsync("33 %");
        await Visitor.Expect(versions.First).ToContainTextAsync("Test administrator");
        await versions.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await Visitor.Expect(admin.Dialog.Locator(".diff")).ToContainTextAsync("33 % →");
        await admin.Dialog.GetByRole(AriaRole.Button, new() { Name = "Опубликовать" }).ClickAsync();

        await Visitor.Expect(versions.First).ToContainTextAsync($"версия {version + 2}");
        Assert.Equal(version + 2, await PublishedVersionAsync(admin));
        admin.AssertNothingBroke();
    }

    [Fact]
    public async Task What_was_entered_outlives_another_administrators_change()
    {
        await using var admin = await company.SignInAsync("administrator", "en");
        await admin.GoAsync(Stage);
        await admin.Page.GetByLabel("Time limit, working hours").FillAsync("7.5");
        await Service<PipelineCommands>().ChangeStageAsync(Key, "stakeholders", new StageChange { NameEn = $"Map {Guid.NewGuid():N}" }, new ChangeMode(), await company.ActorAsync("processOwner"), default);

        await admin.Button("", "Review the changes").ClickAsync();
        await admin.Button("", "Load the new version and keep what I entered").ClickAsync();
        await Visitor.Expect(admin.Page.GetByLabel("Name in English")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Map "));
        await Visitor.Expect(admin.Page.GetByLabel("Time limit, working hours")).ToHaveValueAsync("7.5");
        await admin.Button("", "Review the changes").ClickAsync();

        await Visitor.Expect(admin.Page.Locator(".diff li")).ToHaveCountAsync(1);
        await Visitor.Expect(admin.Page.Locator(".diff")).ToContainTextAsync("→ 7.5 h");
        admin.AssertNothingBroke();
    }

    [Fact]
    public async Task A_wrong_value_is_named_at_its_field()
    {
        await using var admin = await company.SignInAsync("administrator", "en");
        await admin.GoAsync(Stage);
        await admin.Page.GetByLabel("Probability of winning, %").FillAsync("400");
        await admin.Button("", "Add a rule").ClickAsync();
        await admin.Button("", "Review the changes").ClickAsync();

        await Visitor.Expect(admin.Page.Locator(".rule").Last.Locator(".mud-input-error").First).ToBeVisibleAsync();
        await Visitor.Expect(admin.Page.Locator(".stage-form .card").First).ToContainTextAsync("4 is not a probability");
        await Visitor.Expect(admin.Page.Locator(".review")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task The_pages_of_the_stages_have_no_barrier(int width, int height)
    {
        await using var owner = await company.SignInAsync("processOwner", "ru", width, height);
        await owner.GoAsync("/pipeline");
        await Visitor.Expect(owner.Page.Locator(".versions > li").First).ToBeVisibleAsync();
        Assert.Empty(await owner.BarriersAsync());

        await owner.GoAsync(Stage);
        await owner.Page.GetByLabel("Вероятность победы, %").FillAsync("44");
        await owner.Button("Показать изменения", "").ClickAsync();
        await Visitor.Expect(owner.Page.Locator(".review")).ToBeVisibleAsync();

        Assert.Empty(await owner.BarriersAsync());
    }

    /// <summary>A deal that has done its first stage and stands in the second.</summary>
    private async Task<(DealView Deal, string Tasks)> MappingDealAsync(string title)
    {
        var actor = await company.ActorAsync("rep");
        var deal = await Service<DealCommands>().CreateAsync(new NewDeal(Key, title, new NewClient($"Client {title}"), 2_000_000, "RUB", Owner: "rep"), actor, default);
        var task = (await Service<TaskQueries>().ListAsync(new TaskFilter("open", "any", Id(deal)), actor, default)).Items[0];
        var done = await Service<TaskCommands>().CompleteAsync(TaskId.TryParse(task.Id, out var id) ? id : default, "Promising", task.Form.Where(field => field.Required || field.RequiredFor.Contains("Promising")).ToDictionary(field => field.Field, Answer), null, actor, default);
        Assert.Equal("stakeholders", done.Deal.Stage!.Key);
        return (done.Deal, await TasksAsync(deal));
    }

    private static DealId Id(DealView deal) => DealId.TryParse(deal.Id, out var id) ? id : throw new FormatException(deal.Id);

    private static object? Answer(FormFieldView field) => field.Type switch
    {
        "bool" => true, "number" or "money" => 5m, "date" => "2026-12-15", "choice" => field.Options[0], _ => "Known",
    };

    private async Task<string> TasksAsync(DealView deal)
    {
        var tasks = await Service<TaskQueries>().ListAsync(new TaskFilter("all", "any", Id(deal)), await company.ActorAsync("rep"), default);
        return string.Join(", ", tasks.Items.Select(task => $"{task.Id} {task.Status} {task.Outcome}").Order());
    }

    private async Task<DealView> ReadAsync(DealView deal)
    {
        return await Service<DealQueries>().GetAsync(Id(deal), await company.ActorAsync("rep"), default);
    }

    /// <summary>What Studio sees: the number of the published version over Elsa's own API.</summary>
    private static async Task<int> PublishedVersionAsync(Visitor visitor)
    {
        var answer = await visitor.Page.APIRequest.GetAsync($"/elsa/api/workflow-definitions/by-definition-id/{Key}?versionOptions=Published");
        using var json = JsonDocument.Parse(await answer.TextAsync());
        return json.RootElement.GetProperty("version").GetInt32();
    }

    private static async Task AddFieldAsync(Visitor admin, string field)
    {
        var rule = admin.Page.Locator(".rule").First;
        await rule.GetByLabel("Add a field").FillAsync(field);
        await rule.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Visitor.Expect(rule.Locator(".picked")).ToContainTextAsync(field);
    }
}
