using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Browser.Tests;

/// <summary>A meeting from both sides: the rep makes a link and notes the result, the client books, moves and cancels without signing in.</summary>
[Collection(OneCompany.Name)]
public sealed class MeetingTests(RunningCompany company)
{
    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task A_client_books_by_a_link_and_the_rep_sees_it_at_once_and_notes_the_result(string language, int width, int height)
    {
        var deal = await DealAtItsMeetingAsync($"Meeting {language}");
        await using var rep = await company.SignInAsync("rep", language, width, height);
        await rep.GoAsync($"/deals/{deal}");
        var section = rep.Page.Locator("section[aria-labelledby=deal-meetings]");
        await section.GetByRole(AriaRole.Button, new() { Name = rep.Say("Ссылка для клиента", "Link for the client") }).ClickAsync();
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Создать ссылку", "Make the link") }).ClickAsync();
        var link = await rep.Dialog.GetByLabel(rep.Say("Ссылка для клиента", "Link for the client")).InputValueAsync();
        Assert.Empty(await rep.BarriersAsync());
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Закрыть", "Close"), Exact = true }).Last.ClickAsync();

        await using var client = await company.VisitAsync(language, width, height);
        await client.GoAsync($"{link}?culture={language}");
        Assert.Empty(await client.BarriersAsync());
        await ShotAsync(client, $"booking-{language}-{width}.png");
        await client.Page.Locator(".booking-times input").First.FocusAsync();
        await client.Page.Keyboard.PressAsync("Space");
        await client.Page.Locator(".booking").GetByRole(AriaRole.Button, new() { Name = client.Say("Назначить", "Book"), Exact = true }).ClickAsync();
        await Visitor.Expect(client.Page.Locator(".booking-done")).ToBeVisibleAsync();
        Assert.Empty(await client.BarriersAsync());
        await ShotAsync(client, $"booked-{language}-{width}.png");
        await Visitor.Expect(section.GetByText(rep.Say("назначена", "booked"), new() { Exact = true })).ToBeVisibleAsync();

        // One touch cancels nothing: the page asks again.
        await client.Page.Locator(".booking-cancel summary").ClickAsync();
        Assert.Empty(await client.BarriersAsync());
        await client.Button("Да, отменить встречу", "Yes, cancel the meeting").ClickAsync();
        await Visitor.Expect(client.Page.Locator(".booking-done")).ToBeVisibleAsync();
        await section.GetByRole(AriaRole.Button, new() { Name = rep.Say("Назначить", "Book"), Exact = true }).ClickAsync();
        await rep.Dialog.Locator(".slot").First.ClickAsync();
        await Visitor.Expect(rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Назначить", "Book"), Exact = true })).ToBeEnabledAsync();
        Assert.Empty(await rep.BarriersAsync());
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Назначить", "Book"), Exact = true }).ClickAsync();
        await Visitor.Expect(rep.Dialog).ToHaveCountAsync(0);
        await ShotAsync(rep, $"deal-meeting-{language}-{width}.png");
        await section.GetByRole(AriaRole.Button, new() { Name = rep.Say("Результат", "Result"), Exact = true }).ClickAsync();
        await rep.FillInDialogAsync(rep.Dialog.Locator(".field[data-type=text] input").First, "ok");
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Сохранить", "Save"), Exact = true }).ClickAsync();
        await Visitor.Expect(section.GetByText(rep.Say("состоялась", "held"), new() { Exact = true })).ToBeVisibleAsync();
        rep.AssertNothingBroke();
        client.AssertNothingBroke();
    }

    private static Task ShotAsync(Visitor visitor, string name) => Environment.GetEnvironmentVariable("SALESFLOW_SHOTS") is { Length: > 0 } folder
        ? visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), FullPage = true }) : Task.CompletedTask;

    private async Task<string> DealAtItsMeetingAsync(string title)
    {
        var (services, rep) = (company.Services, await company.ActorAsync("rep"));
        var deal = await services.GetRequiredService<DealCommands>().CreateAsync(new NewDeal("b2b-new-clients", title, new NewClient("Vector LLC"), 100m, "RUB", Owner: "rep"), rep, default);
        var id = new DealId(long.Parse(deal.Id, CultureInfo.InvariantCulture));
        while ((await services.GetRequiredService<MeetingQueries>().OfDealAsync(id, rep, default)).Count == 0)
        {
            var task = (await services.GetRequiredService<TaskQueries>().ListAsync(new TaskFilter("open", "any", id, 1), rep, default)).Items[0];
            var fields = task.Form.ToDictionary(field => field.Field, field => field.Type switch { "number" or "money" => 1000m, "bool" => true, "date" => "2026-12-15", "choice" => (object?)field.Options[0], _ => "ok" });
            await services.GetRequiredService<TaskCommands>().CompleteAsync(new TaskId(long.Parse(task.Id, CultureInfo.InvariantCulture)), task.Outcomes[0].Key, fields, null, rep, default);
        }
        return deal.Id;
    }
}
