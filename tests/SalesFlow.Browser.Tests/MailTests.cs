using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Browser.Tests;

/// <summary>A document goes to the client by mail from the page of its deal.</summary>
[Collection(OneCompany.Name)]
public sealed class MailTests(RunningCompany company)
{
    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task A_rep_sends_an_offer_and_reads_what_was_sent(string language, int width, int height)
    {
        await using var rep = await company.SignInAsync("rep", language, width, height);
        var address = await rep.CreateDealAsync($"Mail {language}");
        await IssueAsync(address, $"MAIL-{language}");
        await rep.GoAsync(address);
        await Visitor.Expect(rep.Page.GetByText(rep.Say("Писем пока нет.", "No mails yet."))).ToBeVisibleAsync();

        await rep.Page.GetByRole(AriaRole.Button, new() { Name = rep.Say("Отправить", "Send by mail") }).First.ClickAsync();
        var to = rep.Dialog.GetByLabel(rep.Say("Кому", "To"));
        await rep.FillInDialogAsync(to, "not an address");
        await rep.Dialog.GetByRole(AriaRole.Radio).Last.CheckAsync();
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Отправить", "Send"), Exact = true }).ClickAsync();
        await Visitor.Expect(rep.Dialog).ToContainTextAsync(rep.Say("не адрес почты", "is no e-mail address"));
        Assert.Empty(await rep.BarriersAsync());
        await to.FillAsync("client@example.com");
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Отправить", "Send"), Exact = true }).ClickAsync();

        await Visitor.Expect(rep.Page.Locator(".timeline")).ToContainTextAsync("client@example.com");
        var mails = rep.Page.GetByRole(AriaRole.Region, new() { Name = rep.Say("Письма", "Mails") });
        await Visitor.Expect(mails.Locator(".badge")).ToHaveTextAsync(rep.Say("Сохранено в файл", "Kept as a file"));
        await mails.GetByRole(AriaRole.Link).ClickAsync();
        await Visitor.Expect(rep.Heading).ToContainTextAsync($"MAIL-{language}");
        await Visitor.Expect(rep.Page.Locator(".mail-text")).ToContainTextAsync("Test rep");
        await Visitor.Expect(rep.Page.GetByRole(AriaRole.Link, new() { Name = $"MAIL-{language}.html" })).ToBeVisibleAsync();
        Assert.Empty(await rep.BarriersAsync());
        await rep.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = rep.Say("Письма", "Mails") }).ClickAsync();
        await Visitor.Expect(rep.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"MAIL-{language}" })).ToBeVisibleAsync();
        Assert.Empty(await rep.BarriersAsync());
        rep.AssertNothingBroke();
    }

    private async Task IssueAsync(string address, string number)
    {
        var instance = new InstanceId(long.Parse(address[(address.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture));
        var issued = new DocumentIssued(new DealId(instance.Value), TimeProvider.System.GetUtcNow(), new DocumentId(instance.Value << 20 | 900_000), "offer", number, "offer", "hash", "ru", "<h1>Offer</h1>", "hash");
        await company.Services.GetRequiredService<WorkflowRuntime>().RunAsync(instance, (_, _) => new TurnRequest(new Stimulus.None(), [issued]), default);
    }
}
