using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Browser.Tests;

/// <summary>Mails, notifications, the digest, approvals and the client's booking page keep nobody out, fit their window and report no error.</summary>
[Collection(OneCompany.Name)]
public sealed class NewPagesTests(RunningCompany company)
{
    [Theory]
    [InlineData("approver", "/mails", "en", 390)]
    [InlineData("approver", "/notifications", "ru", 390)]
    [InlineData("rep", "/notifications/settings", "ru", 1440)]
    [InlineData("headOfSales", "/digest", "en", 390)]
    [InlineData("headOfSales", "/approval-matrix", "ru", 1440)]
    [InlineData("headOfSales", "/document-numbers", "en", 390)]
    [InlineData("rep", "/calendar-feed", "ru", 390)]
    [InlineData("headOfSales", "/hours", "ru", 390)]
    [InlineData("administrator", "/hours", "en", 1440)]
    public async Task A_page_keeps_nobody_out(string person, string path, string language, int width)
    {
        await using var visitor = await company.SignInAsync(person, language, width);

        await visitor.GoAsync(path);

        await AssertSoundAsync(visitor);
    }

    [Fact]
    public async Task The_matrix_says_which_field_is_no_number_while_its_levels_are_open()
    {
        await using var owner = await company.SignInAsync(Roles.ProcessOwner, "en", 390, 844);
        await owner.GoAsync("/approval-matrix");
        await owner.Page.Locator(".matrix button[aria-expanded]").First.ClickAsync();

        await owner.Page.GetByLabel("Discount, %: up to, row 1").FillAsync("ten");

        await Visitor.Expect(owner.Page.Locator(".matrix-findings")).ToContainTextAsync("Row 1, Discount, %: something here is not a number.");
        await Visitor.Expect(owner.Button("Сохранить", "Save")).ToBeDisabledAsync();
        await AssertSoundAsync(owner);
    }

    [Fact]
    public async Task An_approver_sees_in_the_task_what_is_asked()
    {
        var task = await ApprovalAsync();
        await using var approver = await company.SignInAsync(Roles.Approver, "en", 390, 844);
        await approver.GoAsync("/");

        var card = approver.Page.Locator($"article#task-{task}");
        await card.Locator(".task-head").ClickAsync();

        await Visitor.Expect(card.Locator(".approval-terms")).ToBeVisibleAsync();
        await AssertSoundAsync(approver);
    }

    private static async Task AssertSoundAsync(Visitor visitor)
    {
        await Visitor.Expect(visitor.Page.Locator(".waiting")).ToHaveCountAsync(0);
        Assert.Empty(await visitor.BarriersAsync());
        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page is wider than its window.");
        visitor.AssertNothingBroke();
    }

    // The rep does what the process asks until somebody has to approve.
    private async Task<string> ApprovalAsync()
    {
        var (services, rep) = (company.Services, await company.ActorAsync("rep"));
        var deal = await services.GetRequiredService<DealCommands>().CreateAsync(new NewDeal("b2b-new-clients", "To be approved", new NewClient("Vector LLC"), 100m, "RUB", Owner: "rep"), rep, default);
        var id = new DealId(long.Parse(deal.Id, CultureInfo.InvariantCulture));
        while (true)
        {
            var task = (await services.GetRequiredService<TaskQueries>().ListAsync(new TaskFilter("open", "any", id, 1), rep, default)).Items[0];
            if (task.Candidates.Contains(Roles.Approver))
                return task.Id;
            var fields = task.Form.ToDictionary(field => field.Field, field => field.Type switch { "number" or "money" => 10m, "bool" => true, "date" => "2026-12-15", "choice" => (object?)field.Options[0], _ => "ok" });
            await services.GetRequiredService<TaskCommands>().CompleteAsync(new TaskId(long.Parse(task.Id, CultureInfo.InvariantCulture)), task.Outcomes[0].Key, fields, null, rep, default);
        }
    }
}
