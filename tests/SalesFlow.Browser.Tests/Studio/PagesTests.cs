using Microsoft.Playwright;

namespace SalesFlow.Browser.Tests.Studio;

/// <summary>The ways to Studio, who may take them, and what Studio looks like inside SalesFlow.</summary>
[Collection(OneCompany.Name)]
public sealed class PagesTests(RunningCompany company)
{
    /// <summary>Texts of Studio that are English although the page is Russian; names that people and programs gave are none.</summary>
    private const string English = """
        () => {
          const given = '.monaco-editor, .sf-bar, textarea, code, pre, table .mud-table-cell, td, .activity-label, .elsa-activity, .mud-breadcrumbs, .mud-select-input';
          const walker = document.createTreeWalker(document.getElementById('sf-studio'), NodeFilter.SHOW_TEXT);
          const found = [];
          for (let node = walker.nextNode(); node; node = walker.nextNode())
            if (/[A-Za-z]{3}/.test(node.data) && !/[а-яё]/i.test(node.data) && node.parentElement.checkVisibility() && !node.parentElement.closest(given) && !/^(arrow_|Elsa\.|HTTP$)/.test(node.data.trim()))
              found.push(node.data.trim());
          return found;
        }
        """;

    [Theory]
    [InlineData("rep")]
    [InlineData("headOfSales")]
    public async Task Whoever_does_not_design_the_process_neither_sees_studio_nor_gets_in(string person)
    {
        await using var visitor = await company.SignInAsync(person, "en");

        await Visitor.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Processes" })).ToHaveCountAsync(0);
        await visitor.GoAsync("/studio/definitions/b2b-new-clients");
        await Visitor.Expect(visitor.Heading).ToHaveTextAsync("This page isn't for you");
        Assert.Equal(403, (await visitor.Page.APIRequest.GetAsync("/elsa/api/workflow-definitions")).Status);
        Assert.Equal(403, (await visitor.Page.APIRequest.GetAsync("/studio/_framework/blazor.webassembly.js")).Status);
    }

    [Fact]
    public async Task An_administrator_finds_the_processes_in_the_menu()
    {
        await using var visitor = await company.SignInAsync("administrator");

        var link = visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Процессы", Exact = true });

        await Visitor.Expect(link).ToBeVisibleAsync();
        Assert.Equal(200, (await visitor.Page.APIRequest.GetAsync(await link.GetAttributeAsync("href") ?? "")).Status);
    }

    [Fact]
    public async Task A_deal_leads_to_its_instance_and_to_its_stage_in_the_editor()
    {
        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("Со ссылками");
        var deal = address.Split('/')[^1];
        await using var studio = await company.OpenStudioAsync(address);

        await studio.FollowAsync("Показать сделку в процессе");
        Assert.EndsWith($"/studio/workflows/instances/{deal}/view", studio.Page.Url, StringComparison.Ordinal);
        await Visitor.Expect(studio.Node("stage-qualification").Locator(".mud-badge")).ToBeVisibleAsync();

        await studio.Page.GotoAsync(address);
        await studio.FollowAsync("Открыть этап в редакторе");
        await Visitor.Expect(studio.Control("Ключ этапа").Locator("input")).ToHaveValueAsync("qualification");
        await studio.AssertNothingBrokeAsync();
    }

    [Fact]
    public async Task The_list_of_instances_leads_to_the_viewer_which_survives_a_reload()
    {
        await using var rep = await company.SignInAsync("rep");
        var deal = (await rep.CreateDealAsync("В списке")).Split('/')[^1];
        await using var studio = await company.OpenStudioAsync("/studio/workflows/instances");

        await studio.Row(deal).First.ClickAsync();
        await Visitor.Expect(studio.Node("stage-qualification")).ToBeVisibleAsync();
        await studio.ReloadAsync();

        await Visitor.Expect(studio.Node("stage-qualification").Locator(".mud-badge")).ToBeVisibleAsync();
        Assert.EndsWith($"/studio/workflows/instances/{deal}/view", studio.Page.Url, StringComparison.Ordinal);
        await studio.AssertNothingBrokeAsync();
    }

    [Fact]
    public async Task Studio_speaks_russian_redraws_what_was_put_into_russian_and_shows_stages_and_tasks_in_their_own_colours()
    {
        await using var studio = await company.OpenStudioAsync("/studio/workflows/definitions");
        var pager = studio.Page.Locator(".mud-table-pagination-caption").Last;
        await Visitor.Expect(pager).ToContainTextAsync("из");
        Assert.Empty(await studio.Page.EvaluateAsync<string[]>(English));

        await studio.Page.GetByPlaceholder("Поиск по названию, описанию и кодам").FillAsync("b2b");
        await studio.Page.Keyboard.PressAsync("Enter");
        await Visitor.Expect(studio.Rows).ToHaveCountAsync(1);
        await Visitor.Expect(pager).ToContainTextAsync("1 из 1");

        await studio.Rows.First.ClickAsync();
        await studio.SettledAsync("b2b-new-clients-flow");
        Assert.Empty(await studio.Page.EvaluateAsync<string[]>(English));

        var tiles = new List<(string Icon, string Colour)>();
        foreach (var type in new[] { "SalesFlow.Stage", "SalesFlow.Task", "SalesFlow.Gate" })
            tiles.Add(await TileAsync(studio.Page.Locator($"[draggable][data-sf-type='{type}']")));
        Assert.Equal(3, tiles.Select(tile => tile.Colour).Distinct().Count());
        Assert.All(tiles[..2], tile => Assert.StartsWith("url(\"data:image/svg", tile.Icon, StringComparison.Ordinal));
        Assert.NotEqual(tiles[0].Icon, tiles[1].Icon);
        Assert.Equal("none", tiles[2].Icon);

        var (stage, other) = (await LooksAsync(studio.Node("stage-contract")), await LooksAsync(studio.Node("close-won")));
        await studio.OpenBodyAsync("stage-contract", "new-clients-contract-body");
        var task = await LooksAsync(studio.Node("sign-contract"));
        Assert.Equal(3, new[] { stage.Colour, task.Colour, other.Colour }.Distinct().Count());
        Assert.StartsWith("url(\"data:image/svg", stage.Icon, StringComparison.Ordinal);
        Assert.StartsWith("url(\"data:image/svg", task.Icon, StringComparison.Ordinal);
        Assert.NotEqual(stage.Icon, task.Icon);
        Assert.Equal("none", other.Icon);
        await studio.AssertNothingBrokeAsync();
    }

    private static async Task<(string Icon, string Colour)> TileAsync(ILocator tile) =>
        (await tile.Locator(".mud-icon-root").EvaluateAsync<string>("icon => getComputedStyle(icon).maskImage"), await tile.EvaluateAsync<string>("tile => getComputedStyle(tile).borderLeftColor"));

    private static async Task<(string Icon, string Colour)> LooksAsync(ILocator node)
    {
        var icon = node.Locator(".activity-icon");
        return (await icon.EvaluateAsync<string>("icon => getComputedStyle(icon).backgroundImage"), await icon.EvaluateAsync<string>("icon => getComputedStyle(icon).backgroundColor"));
    }
}
