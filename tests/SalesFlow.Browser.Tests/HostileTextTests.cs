using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Browser.Tests;

/// <summary>Script in every text that people type, looked at on every page that shows it.</summary>
[Collection(OneCompany.Name)]
public sealed class HostileTextTests(RunningCompany company)
{
    private const string Script = "<script>hacked()</script>\"><img src=x onerror=hacked()>'{{ 6 * 7 }}", Secret = "nobody-elses-business";

    [Fact]
    public async Task Script_in_any_text_is_shown_as_text_and_runs_nowhere()
    {
        await using var head = await company.SignInAsync(Roles.HeadOfSales, "en");
        await using var administrator = await company.SignInAsync(Roles.Administrator, "ru", 390, 844);
        var deal = await FurnishAsync(Script);
        await Get<PeopleCommands>().HireAsync(new NewPerson("hostile.person", Script, [Roles.Approver], "en", Script, Skills: [Script]), await company.ActorAsync(Roles.Administrator), default);
        var mail = (await Get<MailQueries>().ListAsync(new MailFilter(), await company.ActorAsync(Roles.Administrator), default)).Items[0].Id;

        foreach (var (visitor, paths) in new[] { (head, new[] { "/", "/deals", $"/deals/{deal}", "/board?pipeline=b2b-new-clients", "/notifications", "/digest", "/metrics" }), (administrator, ["/", $"/deals/{deal}", "/people", "/mails", $"/mails/{mail}"]) })
        {
            var dialogs = 0;
            visitor.Page.Dialog += async (_, dialog) =>
            {
                dialogs++;
                await dialog.DismissAsync();
            };
            await visitor.Page.Context.AddInitScriptAsync("window.hacked = () => { window.wasHacked = true; }");
            foreach (var path in paths)
            {
                await visitor.GoAsync(path);
                if (path.StartsWith("/deals", StringComparison.Ordinal) || path == "/people")
                    await Visitor.Expect(visitor.Page.GetByText("<script>hacked()</script>").First).ToBeAttachedAsync();
                Assert.Equal(0, await visitor.Page.Locator("img[src=x]").CountAsync());
                Assert.False(await visitor.Page.EvaluateAsync<bool>("() => window.wasHacked === true || [...document.scripts].some(script => script.text.includes('hacked()'))"), $"{path} ran what somebody had typed.");
            }
            Assert.Equal(0, dialogs);
        }
    }

    [Fact]
    public async Task The_pages_of_somebody_elses_deal_and_mail_say_only_that_there_is_none()
    {
        await using var other = await company.SignInAsync("rep2", "en");
        var deal = await FurnishAsync(Secret);
        var mail = (await Get<MailQueries>().ListAsync(new MailFilter(), await company.ActorAsync(Roles.Administrator), default)).Items[0].Id;

        foreach (var path in new[] { $"/deals/{deal}", $"/mails/{mail}", "/deals", "/board?pipeline=b2b-new-clients", "/mails", "/notifications", "/" })
        {
            await other.Page.GotoAsync(path);
            await Visitor.Expect(other.Page.Locator("main")).Not.ToBeEmptyAsync();
            if (path == $"/deals/{deal}" || path == $"/mails/{mail}")
                await Visitor.Expect(other.Page.Locator("main")).ToContainTextAsync("There is no");
            else
                await Visitor.Expect(other.Heading).ToBeVisibleAsync();
            Assert.DoesNotContain(Secret, await other.Page.ContentAsync(), StringComparison.Ordinal);
        }
    }

    private T Get<T>() where T : notnull => company.Services.GetRequiredService<T>();

    /// <summary>A deal of rep with those words wherever somebody may type, a note that tells the head of sales, and a letter.</summary>
    private async Task<string> FurnishAsync(string words)
    {
        var rep = await company.ActorAsync(Roles.Rep);
        var deal = await Get<DealCommands>().CreateAsync(new NewDeal("b2b-new-clients", $"{words} title", new NewClient($"{words} client", null, $"{words} contact", "client@example.com", $"{words} phone"), 1000m, "RUB",
            $"{words} channel", null, new Dictionary<string, object?> { ["segment"] = $"{words} segment", ["note"] = $"{words} note" }), rep, default);
        Assert.True(DealId.TryParse(deal.Id, out var id));
        await Get<DealCommands>().CommentAsync(id, $"@headOfSales {words} comment", rep, default);
        await using var db = await Get<Microsoft.EntityFrameworkCore.IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync();
        MailCommands.Add(db, new MailDraft($"hostile-{deal.Id}", MailKinds.Process, new MailRecipient.Outside(EmailAddress.Parse("to", "client@example.com", "en")), $"{words} subject", $"{words} text") { Deal = id, By = rep.Id }, TimeProvider.System.GetUtcNow());
        await db.SaveChangesAsync();
        return deal.Id;
    }
}
