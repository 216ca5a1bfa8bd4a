using Microsoft.Playwright;

namespace SalesFlow.Browser.Tests;

/// <summary>A process owner writes a template and sees what it makes.</summary>
[Collection(OneCompany.Name)]
public sealed class TemplatePageTests(RunningCompany company)
{
    [Theory]
    [InlineData("ru", 1440)]
    [InlineData("en", 390)]
    public async Task A_mistake_is_shown_while_it_is_typed_and_the_mended_text_is_saved_and_can_be_taken_back(string language, int width)
    {
        await using var rep = await company.SignInAsync("rep");
        await rep.CreateDealAsync("Шлюз для шаблона");
        await using var owner = await company.SignInAsync("processOwner", language, width);
        var template = $"letter-{language}.{language}";
        await owner.GoAsync("/templates");
        await owner.GoAsync($"/templates/{template}");
        var editor = owner.Page.Locator("textarea");
        await Visitor.Expect(owner.Page.FrameLocator("iframe").Locator("h1")).ToHaveTextAsync("Шлюз для шаблона");

        await editor.FillAsync("<h1>\n{{ deal.titel }}</h1>");
        await Visitor.Expect(owner.Page.Locator(".template-problems")).ToContainTextAsync(owner.Say("Строка 2, столбец 9", "Line 2, column 9"));
        await Visitor.Expect(owner.Page.Locator(".template-problems")).ToContainTextAsync("deal.title");
        Assert.Empty(await owner.BarriersAsync());
        await owner.Page.Locator(".template-problems button").ClickAsync();
        Assert.Equal("9", await editor.EvaluateAsync<string>("area => String(area.selectionStart - area.value.lastIndexOf('\\n', area.selectionStart - 1))"));

        await editor.FillAsync("<h1>{{ deal.title }}</h1><p>{{ client.name }}</p>");
        await Visitor.Expect(owner.Page.FrameLocator("iframe").Locator("p")).ToHaveTextAsync("ООО «Проба»");
        await owner.Button("Сохранить версию 1", "Save version 1").ClickAsync();
        await Visitor.Expect(owner.Page.Locator(".versions li")).ToHaveCountAsync(1);

        await editor.FillAsync("<h1>{{ deal.title }}</h1><p>{{ number }}</p>");
        await owner.Button("Сохранить версию 2", "Save version 2").ClickAsync();
        await Visitor.Expect(owner.Page.Locator(".versions li")).ToHaveCountAsync(2);
        await owner.Page.Locator(".versions li").First.GetByRole(AriaRole.Button).First.ClickAsync();
        await Visitor.Expect(owner.Page.Locator(".diff-added")).ToContainTextAsync("{{ number }}");
        await Visitor.Expect(owner.Page.Locator(".diff-removed")).ToContainTextAsync("{{ client.name }}");
        Assert.Equal(width, await owner.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await owner.Page.Locator(".versions li").Last.GetByRole(AriaRole.Button).Last.ClickAsync();
        await owner.Dialog.GetByRole(AriaRole.Button, new() { Name = owner.Say("Вернуть", "Publish again") }).ClickAsync();
        await Visitor.Expect(owner.Page.Locator(".versions li")).ToHaveCountAsync(3);
        await Visitor.Expect(editor).ToHaveValueAsync("<h1>{{ deal.title }}</h1><p>{{ client.name }}</p>");
    }

    [Theory]
    [InlineData("/templates", 1440)]
    [InlineData("/templates", 390)]
    [InlineData("/updates", 1440)]
    [InlineData("/updates", 390)]
    public async Task The_lists_have_no_barrier(string path, int width)
    {
        await using var owner = await company.SignInAsync("processOwner", "ru", width);

        await owner.GoAsync(path);
        await Visitor.Expect(owner.Page.Locator("table.grid tbody tr").First).ToBeVisibleAsync();

        Assert.Empty(await owner.BarriersAsync());
        Assert.Equal(width, await owner.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }
}
