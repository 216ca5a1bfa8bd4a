using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Browser.Tests;

/// <summary>The bell rings without a reload, and what it rang for is read and put away.</summary>
[Collection(OneCompany.Name)]
public sealed class NotificationTests(RunningCompany company)
{
    [Theory]
    [InlineData("ru", 1440, 900)]
    [InlineData("en", 390, 844)]
    public async Task The_bell_counts_at_once_and_the_list_says_what_for(string language, int width, int height)
    {
        await using var rep = await company.SignInAsync("rep2");
        var address = await rep.CreateDealAsync($"Bell {language}");
        await using var head = await company.SignInAsync("headOfSales", language, width, height);
        await head.GoAsync("/notifications");
        await head.Button("Прочитано всё", "Mark all as read").Or(head.Page.GetByText(head.Say("Новостей нет", "Nothing to tell"))).Or(head.Page.Locator(".notifications li")).First.WaitForAsync();
        if (await head.Button("Прочитано всё", "Mark all as read").CountAsync() > 0)
            await head.Button("Прочитано всё", "Mark all as read").ClickAsync();
        await Visitor.Expect(head.Page.Locator(".bell-count")).ToHaveCountAsync(0);

        await company.Services.GetRequiredService<DealCommands>().CommentAsync(new DealId(long.Parse(address[(address.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture)), $"@headOfSales ring {language}", await company.ActorAsync("rep2"), default);

        await Visitor.Expect(head.Page.Locator(".bell-count")).ToHaveTextAsync("1");
        var first = head.Page.Locator(".notifications li").First;
        await Visitor.Expect(first).ToContainTextAsync($"ring {language}");
        Assert.Empty(await head.BarriersAsync());
        await first.GetByRole(AriaRole.Button).ClickAsync();
        await Visitor.Expect(head.Page.Locator(".bell-count")).ToHaveCountAsync(0);
        await head.GoAsync("/notifications/settings");
        await head.Page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        Assert.Empty(await head.BarriersAsync());
        await head.Button("Сохранить", "Save").ClickAsync();
        await Visitor.Expect(head.Page.Locator(".mud-snackbar")).ToContainTextAsync(head.Say("Настройки уведомлений сохранены", "Your notification settings were saved"));
        head.AssertNothingBroke();
    }
}
