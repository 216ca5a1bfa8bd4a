using Microsoft.Playwright;

namespace SalesFlow.Browser.Tests;

/// <summary>A deal's way through the shipped process, with the mouse. Whatever the process asks, the first button of every task leads on.</summary>
[Collection(OneCompany.Name)]
public sealed class DealTests(RunningCompany company)
{
    private static readonly string[] Others = ["approver", "headOfSales"];

    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task A_rep_carries_a_deal_from_its_creation_to_won(string language, int width, int height)
    {
        await using var rep = await company.SignInAsync("rep", language, width, height);
        var address = await rep.CreateDealAsync($"Turnstiles {language}");
        var won = rep.Page.Locator("h1 .badge-won");
        var open = rep.Page.Locator(".deal-tasks article.task").First;

        for (var step = 0; step < 40; step++)
        {
            await Visitor.Expect(won.Or(open).First).ToBeVisibleAsync();
            if (await won.CountAsync() > 0)
                break;
            await DoAsync(rep, address, open);
        }

        await Visitor.Expect(won).ToBeVisibleAsync();
        await Visitor.Expect(rep.Page.Locator(".timeline .line").First).ToBeVisibleAsync();
        rep.AssertNothingBroke();
    }

    [Fact]
    public async Task The_offer_that_the_process_issued_opens_as_a_document()
    {
        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("Документ");
        var document = rep.Page.Locator(".documents a").First;
        var open = rep.Page.Locator(".deal-tasks article.task").First;

        for (var step = 0; step < 40; step++)
        {
            await Visitor.Expect(document.Or(open).First).ToBeVisibleAsync();
            if (await document.CountAsync() > 0)
                break;
            await DoAsync(rep, address, open);
        }
        var opened = await rep.Page.RunAndWaitForPopupAsync(() => document.ClickAsync());

        await Visitor.Expect(opened.Locator("body")).ToContainTextAsync("ООО «Проба»");
    }

    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task A_refused_move_shows_what_stands_in_the_way_and_leads_there(string language, int width, int height)
    {
        await using var rep = await company.SignInAsync("rep", language, width, height);
        await rep.CreateDealAsync("Refused");

        await rep.Page.Locator(".stage-path li").Last.GetByRole(AriaRole.Button).ClickAsync();

        var obstacles = rep.Dialog.Locator(".obstacles li");
        await Visitor.Expect(obstacles.First).ToBeVisibleAsync();
        Assert.All(await obstacles.Locator(".obstacle-message").AllInnerTextsAsync(), words => Assert.False(string.IsNullOrWhiteSpace(words)));
        await Visitor.Expect(rep.Dialog.GetByRole(AriaRole.Button, new() { Name = rep.Say("Перевести", "Move"), Exact = true })).ToHaveCountAsync(0);
        await obstacles.GetByRole(AriaRole.Link).First.ClickAsync();
        await Visitor.Expect(rep.Dialog).ToHaveCountAsync(0);
        await Visitor.Expect(rep.Page.Locator(".deal-tasks .task-body")).ToBeVisibleAsync();
        rep.AssertNothingBroke();
    }

    [Fact]
    public async Task A_task_without_its_required_fields_is_refused_at_the_fields()
    {
        await using var rep = await company.SignInAsync("rep");
        await rep.CreateDealAsync("Пустая форма");
        var task = rep.Page.Locator(".deal-tasks article.task").First;

        await task.Locator(".buttons button").First.ClickAsync();

        await Visitor.Expect(task.GetByRole(AriaRole.Alert)).ToContainTextAsync("Проверьте заполненные поля");
        await Visitor.Expect(task.Locator(".field .mud-input-error").First).ToBeVisibleAsync();
        await Visitor.Expect(task).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_head_of_sales_breaks_the_glass_with_a_reason_that_everybody_can_read()
    {
        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("Обход правил");
        await using var head = await company.SignInAsync("headOfSales");
        await head.GoAsync(address);
        var last = head.Page.Locator(".stage-path li").Last;

        await last.GetByRole(AriaRole.Button).ClickAsync();
        var move = head.Dialog.GetByRole(AriaRole.Button, new() { Name = "Перевести", Exact = true });
        await head.Dialog.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Visitor.Expect(move).ToBeDisabledAsync();
        await head.FillInDialogAsync(head.Dialog.GetByLabel("Причина"), "Договорились с директором");
        await move.ClickAsync();

        await Visitor.Expect(last).ToHaveAttributeAsync("aria-current", "step");
        await Visitor.Expect(head.Page.Locator(".timeline")).ToContainTextAsync("Договорились с директором");
        await Visitor.Expect(head.Page.Locator(".timeline")).ToContainTextAsync("аварийный обход");
        head.AssertNothingBroke();
    }

    [Fact]
    public async Task A_lost_deal_keeps_why()
    {
        await using var rep = await company.SignInAsync("rep");
        await rep.CreateDealAsync("Проигрыш");

        await rep.Button("Проиграна", "Lost").ClickAsync();
        await rep.Dialog.Locator(".mud-input-control").First.ClickAsync();
        await rep.Page.Locator(".mud-popover-open .mud-list-item", new() { HasTextString = "Выбрали конкурента" }).ClickAsync();
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = "Проиграна" }).ClickAsync();

        await Visitor.Expect(rep.Page.Locator("h1 .badge-lost")).ToBeVisibleAsync();
        await Visitor.Expect(rep.Page.Locator(".closed-reason")).ToContainTextAsync("Выбрали конкурента");
        await Visitor.Expect(rep.Page.Locator(".deal-tasks article.task")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_changed_field_and_a_note_stand_in_the_timeline()
    {
        await using var rep = await company.SignInAsync("rep");
        await rep.CreateDealAsync("Правка");

        await rep.Button("Изменить", "Edit").ClickAsync();
        await rep.FillInDialogAsync(rep.Dialog.GetByLabel("Сумма"), "1234567");
        await rep.Button("Сохранить", "Save").ClickAsync();
        await Visitor.Expect(rep.Page.Locator(".deal-client")).ToContainTextAsync("1\u00a0234\u00a0567");
        await rep.Page.GetByLabel("Добавить заметку").FillAsync("Перезвонить в среду");
        await rep.Button("Добавить", "Add").ClickAsync();

        await Visitor.Expect(rep.Page.Locator(".timeline .line").First).ToContainTextAsync("Перезвонить в среду");
        await Visitor.Expect(rep.Page.Locator(".timeline")).ToContainTextAsync("Сумма: 1\u00a0234\u00a0567");
    }

    [Fact]
    public async Task A_deal_can_be_created_and_its_first_task_done_with_the_keyboard_alone()
    {
        await using var rep = await company.SignInAsync("rep", "en");
        await rep.GoAsync("/deals");
        var keyboard = rep.Page.Keyboard;

        await TabToAsync(rep, "New deal");
        await keyboard.PressAsync("Enter");
        await Visitor.Expect(rep.Dialog.GetByLabel("What is being sold")).ToBeVisibleAsync();
        await TabToAsync(rep, "What is being sold *");
        await keyboard.TypeAsync("By keyboard");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("Keyboard LLC");
        await TabToAsync(rep, "Amount, ₽ *");
        await keyboard.TypeAsync("1000");
        await keyboard.PressAsync("Enter");
        await Visitor.Expect(rep.Heading).ToContainTextAsync("By keyboard");

        var task = rep.Page.Locator(".deal-tasks article.task").First;
        var id = await task.GetAttributeAsync("id");
        foreach (var field in await task.Locator(".field[data-type=text] input, .field[data-type=money] input, .field[data-type=number] input").AllAsync())
        {
            await field.FocusAsync();
            await keyboard.TypeAsync("5");
        }
        await task.Locator(".buttons button").First.FocusAsync();
        await keyboard.PressAsync("Enter");

        await Visitor.Expect(rep.Page.Locator($"article#{id}")).ToHaveCountAsync(0);
    }

    // The rep does it, or whoever may; the rep's page then shows it by itself.
    private async Task DoAsync(Visitor rep, string address, ILocator open)
    {
        var task = await open.GetAttributeAsync("id");
        if (await rep.CompleteAsync(rep.Page.Locator($"article#{task}")))
            return;
        await LetOthersDoAsync(address, task!);
        await Visitor.Expect(rep.Page.Locator($"article#{task}")).ToHaveCountAsync(0);
    }

    private async Task LetOthersDoAsync(string address, string task)
    {
        foreach (var name in Others)
        {
            await using var other = await company.SignInAsync(name, "en");
            await other.Page.GotoAsync(address);
            var card = other.Page.Locator($"article#{task}");
            await Visitor.Expect(card.Or(other.Page.GetByRole(AriaRole.Alert)).First).ToBeVisibleAsync();
            if (await card.CountAsync() > 0 && await other.CompleteAsync(card))
                return;
        }
        Assert.Fail($"Neither {string.Join(" nor ", Others)} may do the task {task} of {address}.");
    }

    private static async Task TabToAsync(Visitor visitor, string name)
    {
        for (var presses = 0; await FocusedAsync(visitor) != name; presses++)
        {
            Assert.True(presses < 40, $"Forty tabs did not lead to '{name}'.");
            await visitor.Page.Keyboard.PressAsync("Tab");
        }
    }

    private static Task<string> FocusedAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string>(
        "() => { const e = document.activeElement; return ((e.labels && e.labels[0] || e).innerText || '').trim(); }");
}
