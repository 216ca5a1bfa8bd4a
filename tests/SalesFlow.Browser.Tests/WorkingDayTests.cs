using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Browser.Tests;

/// <summary>A rep's day: what is to be done, the board, and a deal's page; the administrator's list of failed steps.</summary>
[Collection(OneCompany.Name)]
public sealed class WorkingDayTests(RunningCompany company)
{
    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task A_rep_plans_the_day_by_keyboard_and_mouse(string language, int width, int height)
    {
        var title = $"Day {language}";
        await using var rep = await company.SignInAsync("rep", language, width, height);
        await CreateAsync(title);
        await rep.GoAsync("/");
        var card = rep.Tasks.Filter(new() { HasText = title });
        await Visitor.Expect(card.Locator(".task-why")).ToBeVisibleAsync();
        Assert.Empty(await rep.BarriersAsync());

        await card.Locator(".task-head").FocusAsync();
        await rep.Page.Keyboard.PressAsync("Enter");
        await card.GetByRole(AriaRole.Button, new() { Name = rep.Say("Ждать клиента", "Wait for the client") }).ClickAsync();
        await Visitor.Expect(rep.Page.Locator("section[aria-labelledby=group-Waiting]").Locator("article.task").Filter(new() { HasText = title })).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = rep.Say("Клиент ответил", "The client has answered") }).ClickAsync();
        await Visitor.Expect(rep.Page.Locator("section[aria-labelledby=group-Waiting] article.task").Filter(new() { HasText = title })).ToHaveCountAsync(0);

        await card.Locator(".task-select").CheckAsync();
        await rep.Page.Locator(".bulk-bar").GetByRole(AriaRole.Button, new() { Name = rep.Say("Отложить до утра", "Put off till") }).ClickAsync();
        await Visitor.Expect(rep.Page.Locator("section[aria-labelledby=group-Snoozed]").Locator("article.task").Filter(new() { HasText = title })).ToBeVisibleAsync();
        // What is said at the edge fades away: half faded, nobody could read it.
        await Visitor.Expect(rep.Page.Locator(".mud-snackbar")).ToHaveCountAsync(0);
        Assert.Empty(await rep.BarriersAsync());
        await rep.Page.Locator(".bulk-bar").GetByRole(AriaRole.Button, new() { Name = rep.Say("Отменить", "Undo"), Exact = true }).ClickAsync();
        await Visitor.Expect(rep.Page.Locator("section[aria-labelledby=group-Snoozed] article.task").Filter(new() { HasText = title })).ToHaveCountAsync(0);
        rep.AssertNothingBroke();
    }

    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task The_board_shows_where_a_deal_may_go_and_why_not(string language, int width, int height)
    {
        var title = $"Board {language}";
        await using var rep = await company.SignInAsync("rep", language, width, height);
        // A channel of its own, so that its card is among the few that are drawn.
        var channel = $"board-{language}";
        await CreateAsync(title, channel);
        await rep.GoAsync($"/board?owner=me&channel={channel}");
        var card = rep.Page.Locator(".board-card").Filter(new() { HasText = title });
        await Visitor.Expect(card).ToBeVisibleAsync();
        Assert.Empty(await rep.BarriersAsync());
        Assert.True(int.Parse((await rep.Page.Locator(".board").GetAttributeAsync("data-ready-ms"))!, CultureInfo.InvariantCulture) < 2000);

        await card.GetByRole(AriaRole.Button).FocusAsync();
        await rep.Page.Keyboard.PressAsync("Enter");
        await Visitor.Expect(rep.Dialog.Locator(".move-choice.move-blocked").Last).ToBeVisibleAsync();
        Assert.Empty(await rep.BarriersAsync());
        await rep.Dialog.Locator(".move-choice.move-blocked").Last.ClickAsync();
        await Visitor.Expect(rep.Dialog.Locator(".obstacles li").First).ToBeVisibleAsync();
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Закрыть", "Close"), Exact = true }).Last.ClickAsync();

        if (width > 1000)
        {
            var columns = rep.Page.Locator(".board-column");
            await card.HoverAsync();
            await rep.Page.Mouse.DownAsync();
            await columns.Nth(2).HoverAsync();
            await columns.Nth(2).HoverAsync();
            await Visitor.Expect(rep.Page.Locator(".board-column.drop-blocked .column-why").First).ToBeVisibleAsync();
            await rep.Page.Mouse.UpAsync();
            await Visitor.Expect(rep.Dialog.Locator(".obstacles li").First).ToBeVisibleAsync();
            await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Закрыть", "Close"), Exact = true }).Last.ClickAsync();
        }
        await rep.Page.GetByLabel(rep.Say("Название вида", "Name of the view")).FillAsync($"Mine {language}");
        await rep.Button("Сохранить вид", "Save this view").ClickAsync();
        await Visitor.Expect(rep.Page.GetByRole(AriaRole.Link, new() { Name = $"Mine {language}" })).ToHaveAttributeAsync("href", $"/board?owner=me&channel={channel}");
        rep.AssertNothingBroke();
    }

    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task A_deal_shows_its_next_action_the_quickest_way_on_and_takes_a_field_in_place(string language, int width, int height)
    {
        await using var rep = await company.SignInAsync("rep", language, width, height);
        var id = await CreateAsync($"Fields {language}");
        await rep.GoAsync($"/deals/{id}");
        await Visitor.Expect(rep.Page.Locator(".next-action a")).ToBeVisibleAsync();
        await Visitor.Expect(rep.Page.Locator(".fixes a").First).ToBeVisibleAsync();
        Assert.Empty(await rep.BarriersAsync());
        var row = rep.Page.Locator(".facts dt").Filter(new() { HasText = rep.Say("Кто принимает решение", "Who decides") });
        await Visitor.Expect(row.Locator(".needed-missing")).ToBeVisibleAsync();
        var value = row.Locator("xpath=following-sibling::dd[1]");
        await value.Locator(".field-pencil").ClickAsync();
        await value.Locator("input").FillAsync("Ivanova");

        // Somebody else fills in the same field meanwhile.
        await company.Services.GetRequiredService<DealCommands>().ChangeAsync(new DealId(id), new DealPatch(Fields: new Dictionary<string, object?> { ["decisionMaker"] = "Petrov" }), null, await company.ActorAsync("headOfSales"), default);
        await value.GetByRole(AriaRole.Button, new() { Name = rep.Say("Сохранить", "Save"), Exact = true }).ClickAsync();
        await Visitor.Expect(value.GetByRole(AriaRole.Alert)).ToContainTextAsync("Petrov");
        Assert.Empty(await rep.BarriersAsync());
        await value.GetByRole(AriaRole.Button, new() { Name = rep.Say("Сохранить моё", "Save mine") }).ClickAsync();
        await Visitor.Expect(value).ToContainTextAsync("Ivanova");
        await Visitor.Expect(row.Locator(".needed-missing")).ToHaveCountAsync(0);

        await rep.Page.GetByLabel(rep.Say("Добавить заметку", "Add a note")).FillAsync("@headOf");
        await rep.Page.Locator(".mention-choices button").First.ClickAsync();
        await rep.Button("Добавить", "Add").ClickAsync();
        await Visitor.Expect(rep.Page.Locator("mark.mention")).ToHaveTextAsync("@headOfSales");
        rep.AssertNothingBroke();
    }

    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task An_administrator_tries_a_failed_step_again(string language, int width, int height)
    {
        var id = await CreateAsync($"Failed {language}");
        await using (var db = await company.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync())
        {
            db.Outbox.Add(new OutboxRow(id, 900, "Unheard", "{}", null, WorkflowRuntime.MostAttempts - 1, DateTimeOffset.UnixEpoch, null));
            await db.SaveChangesAsync();
        }
        await company.Services.GetRequiredService<Workers>().CatchUpAsync(default);
        await using var admin = await company.SignInAsync("administrator", language, width, height);

        await admin.GoAsync("/failed-steps");

        var row = admin.Page.Locator("tr").Filter(new() { HasText = $"Failed {language}" });
        await Visitor.Expect(row).ToContainTextAsync("Unheard");
        Assert.Empty(await admin.BarriersAsync());
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Visitor.Expect(row).ToHaveCountAsync(0);
        admin.AssertNothingBroke();
    }

    private async Task<long> CreateAsync(string title, string channel = "site")
    {
        var deal = await company.Services.GetRequiredService<DealCommands>().CreateAsync(
            new NewDeal("b2b-new-clients", title, new NewClient("ООО «Проба»"), 250_000m, "RUB", channel, Owner: "rep"), await company.ActorAsync("headOfSales"), default);
        return long.Parse(deal.Id, CultureInfo.InvariantCulture);
    }
}
