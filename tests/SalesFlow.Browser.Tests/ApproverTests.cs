using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using MimeKit;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Browser.Tests;

/// <summary>An approver's day: asks for changes on the page, approves what comes back by the link in the letter, without signing in.</summary>
[Collection(OneCompany.Name)]
public sealed class ApproverTests(RunningCompany company)
{
    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task An_approver_asks_for_changes_and_approves_what_comes_back_from_the_letter(string language, int width, int height)
    {
        var (deals, rep) = (company.Services.GetRequiredService<DealCommands>(), await company.ActorAsync("rep"));
        await PrepareAsync(language);
        await CreateAsync($"Before {language}", language, 3, rep);
        var title = language == "ru" ? "Турникеты и контроллеры" : "Turnstiles and controllers";
        var deal = await CreateAsync(title, language, 12.5m, rep);
        await using var approver = await company.SignInAsync(Roles.HeadOfSales, language, width, height);

        await approver.GoAsync("/approvals");
        var row = approver.Page.Locator("tr", new() { HasText = title }).First;
        await Visitor.Expect(row).ToContainTextAsync(approver.Say("12,5", "12.5"));
        await SoundAsync(approver, $"approvals-{language}-{width}.png");
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        await Visitor.Expect(approver.Page.Locator(".approval-terms [data-term=discount]").First).ToContainTextAsync(approver.Say("хуже", "worse"));
        await Visitor.Expect(approver.Page.Locator(".client-discounts")).ToContainTextAsync($"Before {language}");
        await SoundAsync(approver, $"approval-{language}-{width}.png");
        await approver.Button("Вернуть с замечаниями", "Ask for changes").ClickAsync();
        await Visitor.Expect(approver.Page.Locator(".decide .trouble, .decide .mud-input-error").First).ToBeVisibleAsync();
        await approver.Page.Locator(".decide textarea").First.FillAsync(approver.Say("Не больше 11 %", "11 % at most"));
        await approver.Button("Вернуть с замечаниями", "Ask for changes").ClickAsync();
        await approver.Page.WaitForURLAsync("**/approvals");

        await deals.ChangeAsync(deal, new DealPatch(Fields: new Dictionary<string, object?> { ["discount"] = 11m }), null, rep, default);
        await company.Services.GetRequiredService<TaskCommands>().CompleteAsync(new TaskId(long.Parse((await OpenAsync(deal, rep)).Id, CultureInfo.InvariantCulture)), "Done", null, null, rep, default);
        var task = await OpenAsync(deal, rep);
        await Visitor.Expect(approver.Page.Locator($"a[href='/approvals/{task.Id}']")).ToBeVisibleAsync();
        await approver.Page.Locator($"a[href='/approvals/{task.Id}']").ClickAsync();
        await Visitor.Expect(approver.Page.Locator(".approval-terms [data-term=discount]").First).ToContainTextAsync(approver.Say("лучше", "better"));
        await approver.Page.Locator(".deal-side details summary").First.ClickAsync();
        await SoundAsync(approver, $"approval-again-{language}-{width}.png");

        var link = await LinkAsync(approver, task.Id);
        await approver.GoAsync($"/approvals/{task.Id}");
        await using var reader = await company.VisitAsync(language, width, height);
        await reader.GoAsync(link);
        await Visitor.Expect(reader.Page.Locator(".approval-terms [data-term=discount]").First).ToContainTextAsync(reader.Say("лучше", "better"));
        await SoundAsync(reader, $"approve-{language}-{width}.png");
        await reader.Page.Locator("#comment").FocusAsync();
        await reader.Page.Keyboard.PressAsync("Tab");
        await reader.Page.Keyboard.PressAsync("Enter");
        await Visitor.Expect(reader.Page.Locator(".booking-done")).ToHaveTextAsync(reader.Say("Согласовано", "Approved"));
        await SoundAsync(reader, $"approve-done-{language}-{width}.png");
        await Visitor.Expect(approver.Page.Locator(".decide .trouble")).ToContainTextAsync("Test headOfSales");
        approver.AssertNothingBroke();
        reader.AssertNothingBroke();
    }

    private static async Task SoundAsync(Visitor visitor, string shot)
    {
        await Visitor.Expect(visitor.Page.Locator(".waiting")).ToHaveCountAsync(0);
        if (Environment.GetEnvironmentVariable("SALESFLOW_SHOTS") is { Length: > 0 } folder)
            await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, shot), FullPage = true });
        Assert.Empty(await visitor.BarriersAsync());
        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page is wider than its window.");
    }

    // A process that asks at once, by the shipped matrix; the head of sales reads the language of the test.
    private async Task PrepareAsync(string language)
    {
        // A new deal goes into the first pipeline unless told otherwise: this one comes after the shipped ones.
        await company.Services.GetRequiredService<DefinitionStore>().PublishAsync("""
            {"definitionId":"z-asks-ID","id":"z-asks-ID-1","version":1,"name":"Asks ID","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
              {"id":"go","type":"SalesFlow.DealStarted"},
              {"id":"s1","type":"SalesFlow.Stage","stage":"terms","nameEn":"Terms","nameRu":"Условия","body":{"id":"b1","type":"Elsa.Flowchart","activities":[
                {"id":"ask","type":"SalesFlow.Approval","subject":{"typeName":"String","expression":{"type":"Literal","value":"{\"ru\":\"Согласовать условия\",\"en\":\"Approve the terms\"}"}}},
                {"id":"again","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Change"}}},
                {"id":"wait","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Wait"}}}],
                "connections":[{"source":{"activity":"ask","port":"Approved"},"target":{"activity":"wait"}},{"source":{"activity":"ask","port":"Changes"},"target":{"activity":"again"}},{"source":{"activity":"again","port":"Done"},"target":{"activity":"ask"}}]}}],
             "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}}]}}
            """.Replace("ID", language, StringComparison.Ordinal), default);
        var head = await company.ActorAsync(Roles.HeadOfSales);
        await company.Services.GetRequiredService<NotificationCommands>().SetAsync(new() { Quiet = false }, head, default);
        await using var db = await company.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync();
        await db.Users.Where(user => user.Id == head.Id.Value).ExecuteUpdateAsync(set => set.SetProperty(user => user.Email, "head@vendor.example").SetProperty(user => user.Language, language));
    }

    private async Task<TaskView> OpenAsync(DealId deal, Actor actor) => (await company.Services.GetRequiredService<TaskQueries>().ListAsync(new TaskFilter("open", "any", deal), actor, default)).Items.Single();

    private async Task<DealId> CreateAsync(string title, string language, decimal discount, Actor rep)
    {
        var deal = await company.Services.GetRequiredService<DealCommands>().CreateAsync(
            new NewDeal($"z-asks-{language}", title, new NewClient($"Vector {language}"), 1_250_400m, "RUB", Owner: "rep", Fields: new Dictionary<string, object?> { ["discount"] = discount, ["paymentDays"] = 30m, ["paymentTerms"] = language == "ru" ? "Аванс 30 %" : "30 % in advance" }), rep, default);
        return new DealId(long.Parse(deal.Id, CultureInfo.InvariantCulture));
    }

    // The letter lies in a file once its page says so.
    private async Task<string> LinkAsync(Visitor approver, string task)
    {
        await company.Services.GetRequiredService<NotificationCommands>().WriteLettersAsync(default);
        var id = new TaskId(long.Parse(task, CultureInfo.InvariantCulture));
        await using var db = await company.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync();
        var link = await db.ApprovalLinks.FirstAsync(one => one.TaskId == id);
        var mail = await db.Mails.SingleAsync(one => one.Key == link.MailKey);
        await approver.GoAsync($"/mails/{mail.Id}");
        await Visitor.Expect(approver.Page.Locator(".badge").First).ToHaveTextAsync(approver.Say("Сохранено в файл", "Kept as a file"));
        var letter = await MimeMessage.LoadAsync(Directory.GetFiles(Path.Combine(company.Folder, "mail"), $"*-{mail.Id}.eml").Single());
        return new Uri((letter.TextBody ?? "").Split('\n').Single(line => line.Contains("/approve/", StringComparison.Ordinal)).Trim()).AbsolutePath;
    }
}
