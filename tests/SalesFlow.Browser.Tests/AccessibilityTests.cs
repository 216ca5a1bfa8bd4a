using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Browser.Tests;

/// <summary>Nothing on any page keeps somebody out who reads with the ears or moves without a mouse, as far as axe can tell.</summary>
[Collection(OneCompany.Name)]
public sealed class AccessibilityTests(RunningCompany company)
{
    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task The_sign_in_page_has_no_barrier(int width, int height)
    {
        await using var visitor = await company.VisitAsync("en", width, height);
        await visitor.Page.GotoAsync("/sign-in?error=wrong");
        await Visitor.Expect(visitor.Heading).ToBeVisibleAsync();

        Assert.Empty(await visitor.BarriersAsync());
    }

    [Theory]
    [InlineData("/", 1440, 900)]
    [InlineData("/", 390, 844)]
    [InlineData("/deals", 1440, 900)]
    [InlineData("/deals", 390, 844)]
    [InlineData("/metrics", 1440, 900)]
    [InlineData("/metrics", 390, 844)]
    [InlineData("/not-found", 1440, 900)]
    public async Task No_page_has_a_barrier(string path, int width, int height)
    {
        await using var rep = await company.SignInAsync("rep");
        var deal = await rep.CreateDealAsync("Для axe");
        await company.Services.GetRequiredService<DealCommands>().CommentAsync(new DealId(long.Parse(deal[(deal.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture)),
            "@headOfSales, посмотрите", await company.ActorAsync("rep"), default);
        await using var head = await company.SignInAsync("headOfSales", "ru", width, height);

        await head.GoAsync(path);
        await Visitor.Expect(head.Page.Locator(".waiting")).ToHaveCountAsync(0);

        Assert.Empty(await head.BarriersAsync());
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task A_deal_and_its_dialogs_have_no_barrier(int width, int height)
    {
        await using var rep = await company.SignInAsync("rep", "en", width, height);
        await rep.GoAsync("/deals");
        await rep.Button("Новая сделка", "New deal").ClickAsync();
        await rep.Dialog.GetByRole(AriaRole.Button, new() { Name = "Create the deal" }).ClickAsync();
        Assert.Empty(await rep.BarriersAsync());
        await rep.CreateDealAsync("Axe");
        Assert.Empty(await rep.BarriersAsync());

        await rep.Page.Locator(".stage-path li").Last.GetByRole(AriaRole.Button).ClickAsync();
        await Visitor.Expect(rep.Dialog.Locator(".obstacles li").First).ToBeVisibleAsync();

        Assert.Empty(await rep.BarriersAsync());
    }
}
