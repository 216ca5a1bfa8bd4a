using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Browser.Tests;

/// <summary>What another person does appears without a reload, and takes nothing away that was being typed.</summary>
[Collection(OneCompany.Name)]
public sealed class LiveTests(RunningCompany company)
{
    [Fact]
    public async Task A_new_deal_of_a_rep_appears_in_the_list_of_the_head_of_sales()
    {
        await using var head = await company.SignInAsync("headOfSales");
        await head.GoAsync("/deals");
        await Visitor.Expect(head.Page.Locator(".waiting")).ToHaveCountAsync(0);

        await using var rep = await company.SignInAsync("rep");
        await rep.CreateDealAsync("Живой список");

        await Visitor.Expect(head.Page.GetByText("Живой список")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_another_person_does_with_a_deal_appears_on_its_page()
    {
        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("Вдвоём");
        await using var head = await company.SignInAsync("headOfSales");
        await head.GoAsync(address);

        await head.Page.GetByLabel("Добавить заметку").FillAsync("Позвоните им сегодня");
        await head.Button("Добавить", "Add").ClickAsync();
        await Visitor.Expect(rep.Page.Locator(".timeline")).ToContainTextAsync("Позвоните им сегодня");
        await head.Button("Проиграна", "Lost").ClickAsync();
        await head.Dialog.GetByLabel("Почему проиграна").ClickAsync();
        await head.Page.GetByRole(Microsoft.Playwright.AriaRole.Option, new() { Name = "Нет бюджета" }).ClickAsync();
        await head.Dialog.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Проиграна" }).ClickAsync();

        await Visitor.Expect(rep.Page.Locator("h1 .badge-lost")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_half_filled_form_survives_what_others_do_to_the_deal()
    {
        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("Наполовину");
        var field = rep.Page.Locator(".deal-tasks .field[data-type=text] input").First;
        await field.FillAsync("ещё пишу");

        await company.Services.GetRequiredService<DealCommands>()
            .CommentAsync(new DealId(long.Parse(address.Split('/')[^1], null)), "Кстати", await company.ActorAsync("headOfSales"), default);

        await Visitor.Expect(rep.Page.Locator(".timeline")).ToContainTextAsync("Кстати");
        await Visitor.Expect(field).ToHaveValueAsync("ещё пишу");
    }

    [Fact]
    public async Task A_form_whose_task_somebody_else_has_done_tells_who_and_keeps_what_was_typed()
    {
        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("Кто первый");
        var task = rep.Page.Locator(".deal-tasks article.task").First;
        var id = await task.GetAttributeAsync("id");
        await task.Locator(".field[data-type=text] input").First.FillAsync("ещё пишу");

        await using var head = await company.SignInAsync("headOfSales");
        await head.GoAsync(address);
        await head.CompleteAsync(head.Page.Locator($"article#{id}"));

        await Visitor.Expect(rep.Page.Locator($"article#{id}").GetByRole(Microsoft.Playwright.AriaRole.Status)).ToContainTextAsync("Test headOfSales");
        await Visitor.Expect(rep.Page.Locator($"article#{id} .field[data-type=text] input").First).ToHaveValueAsync("ещё пишу");
    }
}
