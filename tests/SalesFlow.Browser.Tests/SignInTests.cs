namespace SalesFlow.Browser.Tests;

/// <summary>The way in, and what stays closed to whom.</summary>
[Collection(OneCompany.Name)]
public sealed class SignInTests(RunningCompany company)
{
    [Theory]
    [InlineData("ru", "Неверное имя или пароль")]
    [InlineData("en", "The name or the password is wrong")]
    public async Task A_wrong_password_is_refused_in_words_and_lets_nobody_in(string language, string expected)
    {
        await using var visitor = await company.VisitAsync(language);

        await visitor.SignInAsync("processOwner", "guess");

        await Visitor.Expect(visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync(expected);
        await visitor.Page.GotoAsync("/deals");
        await Visitor.Expect(visitor.Page.GetByLabel(visitor.Say("Пароль", "Password"))).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_was_sent_to_sign_in_arrives_where_he_wanted_to_go_and_can_sign_out()
    {
        await using var visitor = await company.VisitAsync();
        await visitor.Page.GotoAsync("/deals?state=won");

        await visitor.Page.GetByLabel("Имя пользователя").FillAsync("rep2");
        await visitor.Page.GetByLabel("Пароль").FillAsync(RunningCompany.Password);
        await visitor.Page.GetByLabel("Пароль").PressAsync("Enter");

        await Visitor.Expect(visitor.Heading).ToHaveTextAsync("Сделки");
        Assert.EndsWith("/deals?state=won", visitor.Page.Url, StringComparison.Ordinal);
        await visitor.Page.Locator(".user-button").ClickAsync();
        await visitor.Button("Выйти", "Sign out").ClickAsync();
        await Visitor.Expect(visitor.Heading).ToHaveTextAsync("Вход");
    }

    [Theory]
    [InlineData("rep")]
    [InlineData("approver")]
    public async Task A_person_without_the_right_neither_sees_nor_reaches_a_page(string person)
    {
        await using var visitor = await company.SignInAsync(person, "en");

        await Visitor.Expect(visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Funnel" })).ToHaveCountAsync(0);
        await visitor.GoAsync("/metrics");
        await Visitor.Expect(visitor.Heading).ToHaveTextAsync("This page isn't for you");
    }

    [Fact]
    public async Task A_deal_of_somebody_else_is_not_there()
    {
        await using var owner = await company.SignInAsync("rep");
        var address = await owner.CreateDealAsync("Чужая сделка");
        await using var other = await company.SignInAsync("rep2");

        await other.Page.GotoAsync(address);

        await Visitor.Expect(other.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("Здесь ничего нет");
    }
}
