using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SalesFlow.Browser.Tests;

/// <summary>A browser window and what a person does in it. Nothing sleeps: every step waits for what it needs to see.</summary>
public sealed partial class Visitor : IAsyncDisposable
{
    // A loaded machine may take its time; a page that is never right fails all the same.
    private const int Patience = 60_000;
    private readonly ConcurrentQueue<string> _complaints = [];

    /// <summary>Takes over a page.</summary>
    public Visitor(IPage page, string language)
    {
        (Page, Language) = (page, language);
        page.SetDefaultTimeout(Patience);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Enqueue(message.Text);
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }
    /// <summary>ru or en.</summary>
    public string Language { get; }
    /// <summary>The heading of the page.</summary>
    public ILocator Heading => Page.Locator("main h1");
    /// <summary>The dialog that is open.</summary>
    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);
    /// <summary>The open tasks on the page.</summary>
    public ILocator Tasks => Page.Locator("article.task");

    /// <summary>The word for the language of the page.</summary>
    public string Say(string ru, string en) => Language == "ru" ? ru : en;

    /// <summary>Waits until it is so.</summary>
    public static ILocatorAssertions Expect(ILocator locator)
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        return Assertions.Expect(locator);
    }

    /// <summary>Opens a page and waits until it shows.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await Expect(Heading).ToBeVisibleAsync();
    }

    /// <summary>Fills in the sign-in form and sends it.</summary>
    public async Task SignInAsync(string name, string password)
    {
        await Page.GotoAsync("/");
        await Page.GetByLabel(Say("Имя пользователя", "User name")).FillAsync(name);
        await Page.GetByLabel(Say("Пароль", "Password")).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = Say("Войти", "Sign in") }).ClickAsync();
        await Expect(Heading).ToBeVisibleAsync();
    }

    /// <summary>A button by its name.</summary>
    public ILocator Button(string ru, string en) => Page.GetByRole(AriaRole.Button, new() { Name = Say(ru, en), Exact = true });

    /// <summary>Writes into a field of the dialog. One that has just opened takes the focus to its first field; what is typed before that goes astray.</summary>
    public async Task FillInDialogAsync(ILocator field, string text)
    {
        await Expect(Dialog.Locator(":focus")).ToHaveCountAsync(1);
        await field.FillAsync(text);
    }

    /// <summary>Creates a deal in the dialog and ends on its page.</summary>
    public async Task<string> CreateDealAsync(string title, string amount = "250000")
    {
        await GoAsync("/deals");
        await Button("Новая сделка", "New deal").ClickAsync();
        await FillInDialogAsync(Dialog.GetByLabel(Say("Что продаём", "What is being sold")), title);
        await FillInDialogAsync(Dialog.GetByLabel(Say("Название клиента", "Client's name")), "ООО «Проба»");
        await FillInDialogAsync(Dialog.GetByLabel(Say("Сумма", "Amount")), amount);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = Say("Создать сделку", "Create the deal") }).ClickAsync();
        await Page.WaitForURLAsync(DealAddress());
        await Expect(Heading).ToContainTextAsync(title);
        return new Uri(Page.Url).AbsolutePath;
    }

    /// <summary>Fills in whatever form a task has and presses its first button; whoever may not do it gets false.</summary>
    public async Task<bool> CompleteAsync(ILocator task)
    {
        var head = task.Locator(".task-head");
        if (await head.GetAttributeAsync("aria-expanded") != "true")
            await head.ClickAsync();
        await Expect(task.Locator(".task-body")).ToBeVisibleAsync();
        var first = task.Locator(".buttons button").First;
        if (await first.CountAsync() == 0)
            return false;
        foreach (var field in await task.Locator(".field[data-type]").AllAsync())
            await FillAsync(field, await first.InnerTextAsync());
        var id = await task.First.GetAttributeAsync("id");
        await first.ClickAsync();
        await Expect(Page.Locator($"article#{id}")).ToHaveCountAsync(0);
        return true;
    }

    /// <summary>What axe finds that keeps somebody out, in words; empty when nothing does.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        // What fades in has too little contrast on its way; what turns without end is left alone.
        await Page.EvaluateAsync("() => Promise.all(document.getAnimations().filter(a => a.effect?.getComputedTiming().iterations !== Infinity).map(a => a.finished.catch(() => null)))");
        // Documents are shown in frames that run no script, axe's neither.
        var result = await Page.RunAxe(new AxeRunOptions { Iframes = false });
        return [.. result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")];
    }

    /// <summary>Fails when the page reported an error of its own.</summary>
    public void AssertNothingBroke() => Assert.Empty(_complaints);

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private async Task FillAsync(ILocator field, string button)
    {
        switch (await field.GetAttributeAsync("data-type"))
        {
            case "bool":
                await field.GetByRole(AriaRole.Checkbox).CheckAsync();
                break;
            case "choice" when await IsNeededByAsync(field, button):
                await field.Locator(".mud-input-control").First.ClickAsync();
                await Page.Locator(".mud-popover-open .mud-list-item").First.ClickAsync();
                break;
            case "choice":
                break;
            case "date":
                await field.Locator("input").FillAsync(Say("15.12.2026", "12/15/2026"));
                await field.Locator("input").PressAsync("Tab");
                break;
            case "number":
                await field.Locator("input").FillAsync("5");
                break;
            case "money":
                await field.Locator("input").FillAsync("250000");
                break;
            default:
                await field.Locator("input").FillAsync(Say("Договорились по телефону", "Agreed on the phone"));
                break;
        }
    }

    private static async Task<bool> IsNeededByAsync(ILocator field, string button)
    {
        var label = await field.InnerTextAsync();
        return label.Contains('*') && (!label.Contains(':') || label.Contains(button, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"/deals/\d+$")]
    private static partial Regex DealAddress();
}
