using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Browser.Tests.Studio;

/// <summary>A process owner changes processes in the genuine Elsa Studio, and the next deals follow.</summary>
[Collection(OneCompany.Name)]
public sealed class EditorTests(RunningCompany company)
{
    [Fact]
    public async Task A_title_changed_in_the_body_of_a_stage_is_what_a_rep_reads_in_the_next_deal()
    {
        await using (var studio = await company.OpenStudioAsync("/studio/definitions/b2b-new-clients"))
        {
            await studio.SettledAsync("b2b-new-clients-flow");
            await studio.OpenBodyAsync("stage-contract", "new-clients-contract-body");
            await studio.SelectAsync("fill-particulars", "Тема");
            await studio.WriteAsync("Тема", "Собрать реквизиты и устав");
            var answer = await studio.PublishAsync();

            Assert.Equal(200, answer.Status);
            await Visitor.Expect(studio.Snackbar.Last).ToContainTextAsync("Процесс опубликован");
            await studio.AssertNothingBrokeAsync();
        }

        await using var rep = await company.SignInAsync("rep");
        var address = await rep.CreateDealAsync("После правки в Studio");
        await company.Services.GetRequiredService<DealCommands>()
            .MoveAsync(new DealId(long.Parse(address.Split('/')[^1], null)), "contract", "Дальше", true, await company.ActorAsync(Roles.HeadOfSales), default);

        await Visitor.Expect(rep.Tasks.Filter(new() { HasText = "Собрать реквизиты и устав" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_activity_dropped_on_the_canvas_is_connected_and_filled_from_live_data_and_stays()
    {
        await Sketch.ImportAsync(company, "sketch");
        await using var studio = await company.OpenStudioAsync("/studio/definitions/sketch");
        await studio.SettledAsync("sketch-flow");
        await studio.OpenBodyAsync("first", "first-body");

        var task = await studio.DropAsync("Продажи", "Задача", 420, 40);
        await studio.WriteAsync("Тема", "Назначить встречу");
        await studio.AddOutcomeAsync("Назначена");
        await studio.ChooseAsync("Исполнитель", "Test rep2");
        await studio.ConnectAsync("ask", "Есть", task);
        var document = await studio.DropAsync("Продажи", "Документ", 420, 220);
        await studio.ChooseAsync("Шаблон", "offer");
        await studio.ConnectAsync("ask", "Нет", document);
        await studio.ReloadAsync();
        await studio.SettledAsync("sketch-flow");
        await studio.OpenBodyAsync("first", "first-body");

        await Visitor.Expect(studio.Port(task, "Назначена")).ToBeVisibleAsync();
        await Visitor.Expect(studio.Page.Locator(".x6-edge")).ToHaveCountAsync(2);
        await studio.SelectAsync(document, "Шаблон");
        await Visitor.Expect(studio.Control("Шаблон")).ToContainTextAsync("offer");
        await studio.SelectAsync(task, "Тема");
        await Visitor.Expect(studio.Control("Исполнитель")).ToContainTextAsync("Test rep2");
        await studio.AssertNothingBrokeAsync();
    }

    [Theory]
    [InlineData("ru", "Спросить о бюджете: У задачи не названо ни одной кнопки")]
    [InlineData("en", "Спросить о бюджете: The task names no buttons")]
    public async Task A_process_with_an_error_is_not_published_and_studio_says_where_and_why(string language, string message)
    {
        await Sketch.ImportAsync(company, "unfinished", sketch => sketch.Task["outcomes"] = null);
        await using var studio = await company.OpenStudioAsync("/studio/definitions/unfinished", language);
        await Visitor.Expect(studio.Page.Locator(".mud-expand-panel-text", new() { HasTextRegex = new Regex($"^{studio.Say("Продажи", "Sales")}$") })).ToBeVisibleAsync();

        var answer = await studio.PublishAsync();

        Assert.Equal(400, answer.Status);
        await Visitor.Expect(studio.Snackbar.Filter(new() { HasText = message })).ToBeVisibleAsync();
        await studio.AssertNothingBrokeAsync(expected: "status of 400");
    }
}
