using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SalesFlow.Runtime;
using SalesFlow.Sales;

namespace SalesFlow.Browser.Tests.Studio;

/// <summary>A process owner goes back and forth between versions and carries definitions in and out as files.</summary>
[Collection(OneCompany.Name)]
public sealed class VersionTests(RunningCompany company)
{
    // No pipeline: it appears nowhere but in Studio.
    private const string Note = """
        {"definitionId":"ID","name":"ID","root":{"id":"ID-flow","type":"Elsa.Flowchart","version":1,"activities":[
          {"id":"write","name":"WriteLine1","type":"Elsa.WriteLine","version":1,"metadata":{"displayText":"Записать","designer":{"position":{"x":0,"y":0},"size":{"width":180,"height":54}}},
           "text":{"typeName":"String","expression":{"type":"Literal","value":"TEXT"}}},
          {"id":"lost","name":"WriteLine2","type":"Elsa.WriteLine","version":1,"metadata":{"displayText":"Забытый шаг","designer":{"position":{"x":0,"y":100},"size":{"width":180,"height":54}}}}],"connections":[]}}
        """;

    [Fact]
    public async Task An_old_version_comes_back_its_warning_is_told_and_what_is_published_is_taken_back()
    {
        await PublishAsync("versions", "первая", "вторая");
        await using var studio = await company.OpenStudioAsync("/studio/definitions/versions");
        await studio.SettledAsync("versions-flow");

        await studio.Panel("История версий", "Version history").ClickAsync();
        await studio.ChooseFromRowAsync("1", "Вернуться к этой версии");
        await Visitor.Expect(studio.Row("3")).ToBeVisibleAsync();
        await studio.SelectAsync("write", "Текст");
        await Visitor.Expect(studio.Control("Текст").Locator("input, textarea").First).ToHaveValueAsync("первая");
        Assert.Equal(200, (await studio.PublishAsync()).Status);
        await Visitor.Expect(studio.Message).ToContainTextAsync(new Regex("(Записать|Забытый шаг): Сюда ничего не ведёт"));
        Assert.Contains("первая", await FindAsync("versions", published: true), StringComparison.Ordinal);

        await studio.ChooseFromMenuAsync("Снять с публикации");
        await Visitor.Expect(studio.Snackbar.Last).ToContainTextAsync("снят с публикации");
        Assert.Null(await FindAsync("versions", published: true));
        await studio.AssertNothingBrokeAsync();
    }

    [Fact]
    public async Task A_definition_leaves_as_a_file_is_deleted_and_comes_back_from_the_file()
    {
        await PublishAsync("travelling", "в пути");
        await using var studio = await company.OpenStudioAsync("/studio/workflows/definitions");

        var download = await studio.Page.RunAndWaitForDownloadAsync(async () =>
        {
            await studio.ChooseFromRowAsync("travelling", "Выгрузить");
            await studio.ConfirmAsync();
        });
        var file = await ReadAsync(download);
        Assert.Equal("travelling", (string?)JsonNode.Parse(file)!["definitionId"]);

        await studio.ChooseFromRowAsync("travelling", "Удалить");
        await studio.ConfirmAsync();
        await Visitor.Expect(studio.Row("travelling")).ToHaveCountAsync(0);
        Assert.Null(await FindAsync("travelling", published: false));

        await studio.Page.Locator("input[type=file]").Last.SetInputFilesAsync(new FilePayload { Name = download.SuggestedFilename, MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes(file) });
        await Visitor.Expect(studio.Row("travelling")).ToBeVisibleAsync();
        Assert.Contains("в пути", await FindAsync("travelling", published: false), StringComparison.Ordinal);
        await studio.AssertNothingBrokeAsync();
    }

    private async Task PublishAsync(string id, params string[] texts)
    {
        Assert.SkipWhen(!company.IsRunning, "There is no Chromium.");
        var store = company.Services.GetRequiredService<DefinitionStore>();
        foreach (var text in texts)
        {
            var document = Note.Replace("ID", id, StringComparison.Ordinal).Replace("TEXT", text, StringComparison.Ordinal);
            await store.SaveDraftAsync(JsonNode.Parse(document)!.AsObject(), new Editor("", "Test"), null, default);
            await store.PublishLatestAsync(id, new Editor("", "Test"), default);
        }
    }

    private async Task<string?> FindAsync(string id, bool published)
    {
        await using var db = await company.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync();
        return await db.Definitions.Where(row => row.DefinitionId == id && (published ? row.IsPublished : row.IsLatest)).Select(row => row.Document).SingleOrDefaultAsync();
    }

    private static async Task<string> ReadAsync(IDownload download)
    {
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        return await reader.ReadToEndAsync();
    }
}
