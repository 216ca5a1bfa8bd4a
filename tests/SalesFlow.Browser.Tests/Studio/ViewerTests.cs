using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;

namespace SalesFlow.Browser.Tests.Studio;

/// <summary>A process owner looks at a deal's instance, finds what has failed and runs it again once the cause is gone.</summary>
[Collection(OneCompany.Name)]
public sealed class ViewerTests(RunningCompany company)
{
    [Fact]
    public async Task A_failed_document_is_an_incident_and_goes_on_by_retry_once_its_template_is_mended()
    {
        await AddVariableAsync();
        await using var template = await BrokenTemplate.PutAsync(company);
        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("Сломанный шаблон");
        var deal = address.Split('/')[^1];
        await ReachContractAsync(rep, deal);
        await using var studio = await company.OpenStudioAsync($"/studio/instances/{deal}");

        await studio.Panel("Инциденты", "Incidents").ClickAsync();
        await Visitor.Expect(studio.Page.Locator(".mud-expand-panel").Filter(new() { HasText = "no_such_function" })).ToBeVisibleAsync();
        await Visitor.Expect(studio.Node("stage-qualification").Locator(".mud-badge")).ToBeVisibleAsync();
        await Visitor.Expect(studio.Page.Locator(".mud-timeline-item").Filter(new() { HasText = "Сделка создана" }).First).ToBeVisibleAsync();
        await studio.Panel("Переменные", "Variables").ClickAsync();
        await Visitor.Expect(studio.Page.GetByText("discountLimit")).ToBeVisibleAsync();

        await studio.Retry.ClickAsync();
        await Visitor.Expect(studio.Message).ToContainTextAsync("no_such_function");
        await template.MendAsync();
        await studio.Retry.ClickAsync();

        await Visitor.Expect(studio.Message).ToContainTextAsync("выполнено заново");
        await Visitor.Expect(studio.Retry).ToBeHiddenAsync();
        await Visitor.Expect(rep.Tasks.Filter(new() { HasTextRegex = new Regex("Подписать договор|the contract signed|[Ss]ign the contract") })).ToBeVisibleAsync();
        await Visitor.Expect(rep.Page.Locator(".documents a[href$='.html']")).ToHaveCountAsync(1);
        await studio.AssertNothingBrokeAsync();
    }

    private async Task ReachContractAsync(Visitor rep, string deal)
    {
        await company.Services.GetRequiredService<DealCommands>().MoveAsync(new DealId(long.Parse(deal, null)), "contract", "Дальше", true, await company.ActorAsync(Roles.HeadOfSales), default);
        // Tasks speak the language of the person, which need not be that of the window.
        var task = rep.Tasks.Filter(new() { HasTextRegex = new Regex("реквизиты|particulars") });
        await Visitor.Expect(task).ToBeVisibleAsync();
        Assert.True(await rep.CompleteAsync(task));
    }

    /// <summary>The shipped process has none.</summary>
    private async Task AddVariableAsync()
    {
        Assert.SkipWhen(!company.IsRunning, "There is no Chromium.");
        var store = company.Services.GetRequiredService<DefinitionStore>();
        var document = JsonNode.Parse((await store.PublishedAsync("b2b-new-clients", default)).Document)!.AsObject();
        document["variables"] = new JsonArray(new JsonObject { ["id"] = "discountLimit", ["name"] = "discountLimit", ["typeName"] = "Double", ["value"] = "15" });
        await store.SaveDraftAsync(document, new Editor("", "Test"), null, default);
        await store.PublishLatestAsync("b2b-new-clients", new Editor("", "Test"), default);
    }

    /// <summary>A contract's template that calls what is not there. Whatever happens, it is mended in the end: other tests issue contracts too.</summary>
    private sealed class BrokenTemplate(IDbContextFactory<SalesFlowDb> databases) : IAsyncDisposable
    {
        private const string Name = "contract.ru", Text = "{{ deal | no_such_function }}";

        public static async Task<BrokenTemplate> PutAsync(RunningCompany company)
        {
            var databases = company.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>();
            await using var db = await databases.CreateDbContextAsync();
            // Past the checks of the page, as a file of an older server could be.
            var sound = await db.Templates.Where(template => template.Name == Name).OrderBy(template => template.Version).LastAsync();
            db.Add(TemplateVersion.Next(Name, sound, Text, DateTimeOffset.UtcNow, "Test"));
            await db.SaveChangesAsync();
            return new(databases);
        }

        public async Task MendAsync()
        {
            await using var db = await databases.CreateDbContextAsync();
            await db.Templates.Where(template => template.Name == Name && template.Text == Text).ExecuteDeleteAsync();
        }

        public async ValueTask DisposeAsync() => await MendAsync();
    }
}
