using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SalesFlow.Browser.Tests.Studio;

/// <summary>A tab with the genuine Elsa Studio and what a process owner does in it with the mouse. Every step waits for what it needs to see.</summary>
public sealed class StudioTab : IAsyncDisposable
{
    // Studio boots a .NET runtime in the browser.
    private const int Patience = 90_000;
    private readonly ConcurrentQueue<string> _complaints = [];

    /// <summary>Takes over a page and listens to all its troubles.</summary>
    public StudioTab(IPage page, string language, string server)
    {
        (Page, Language) = (page, language);
        page.SetDefaultTimeout(Patience);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Enqueue(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith(server, StringComparison.Ordinal))
                _complaints.Enqueue($"A request to another host: {request.Url}");
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }
    /// <summary>ru or en.</summary>
    public string Language { get; }
    /// <summary>Studio's own short messages.</summary>
    public ILocator Snackbar => Page.Locator(".mud-snackbar");
    /// <summary>Messages of the page around Studio.</summary>
    public ILocator Message => Page.Locator(".sf-message");
    /// <summary>The button that runs again what has failed.</summary>
    public ILocator Retry => Page.Locator("#sf-retry");
    /// <summary>What is open in Studio's menus and lists.</summary>
    public ILocator Popover => Page.Locator(".mud-popover-open");
    /// <summary>The rows of the list that is shown.</summary>
    public ILocator Rows => Page.Locator(".mud-table-body .mud-table-row");

    /// <summary>The word for the language of the page.</summary>
    public string Say(string ru, string en) => Language == "ru" ? ru : en;

    /// <summary>Opens an address and waits until Studio shows something there.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        if (path.StartsWith("/studio", StringComparison.Ordinal))
            await IsShownAsync();
    }

    /// <summary>Loads the page again and waits for Studio.</summary>
    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await IsShownAsync();
    }

    /// <summary>Follows a link of one of our own pages into Studio.</summary>
    public async Task FollowAsync(string link)
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await IsShownAsync();
    }

    /// <summary>An activity on the canvas.</summary>
    public ILocator Node(string id) => Page.Locator($"#activity-{id}");

    /// <summary>An outcome, or In, of an activity on the canvas.</summary>
    public ILocator Port(string id, string port) => Page.Locator($".x6-node[data-cell-id='{id}'] [port='{port}'] .elsa-designer-port-circle");

    /// <summary>A tab of Studio's panels.</summary>
    public ILocator Panel(string ru, string en) => Page.Locator(".mud-tab").Filter(new() { HasText = Say(ru, en) });

    /// <summary>The control under a label.</summary>
    public ILocator Control(string label) =>
        Page.Locator(".mud-input-control").Filter(new() { Has = Page.Locator("label", new() { HasTextRegex = new Regex($"^{Regex.Escape(label)}$") }) }).Last;

    /// <summary>Clicks an activity; its inputs appear below.</summary>
    public async Task SelectAsync(string id, string input)
    {
        await Node(id).Locator(".activity-icon").ClickAsync();
        await Visitor.Expect(Control(input)).ToBeVisibleAsync();
    }

    /// <summary>Opens the body of a stage and waits until its picture has settled.</summary>
    public async Task OpenBodyAsync(string stage, string body)
    {
        // A selected node lies under its selection, which passes the click on.
        await Node(stage).Locator(".elsa-activity-embedded").ClickAsync(new() { Force = true });
        await SettledAsync(body);
    }

    /// <summary>Waits until the picture of a container is shown and stands still.</summary>
    public Task SettledAsync(string container) => Page.Locator($"body[data-canvas$='{container}']").WaitForAsync();

    /// <summary>Writes into a field; Studio saves by itself.</summary>
    public Task<JsonNode> WriteAsync(string label, string text) => SaveAsync(async () =>
    {
        var field = Control(label).Locator("input, textarea").First;
        await field.FillAsync(text);
        await field.PressAsync("Tab");
    });

    /// <summary>Chooses from a dropdown; Studio saves by itself.</summary>
    public async Task<JsonNode> ChooseAsync(string label, string option)
    {
        await Control(label).ClickAsync();
        return await SaveAsync(() => Page.GetByRole(AriaRole.Option, new() { Name = option, Exact = true }).ClickAsync());
    }

    /// <summary>Gives the selected task another button.</summary>
    public Task<JsonNode> AddOutcomeAsync(string outcome) => SaveAsync(async () =>
    {
        var chips = Control(Say("Кнопки", "Buttons")).Locator("input").Last;
        await chips.ClickAsync();
        // A space would end the name when typed.
        await Page.Keyboard.InsertTextAsync(outcome);
        await Page.Keyboard.PressAsync("Enter");
    });

    /// <summary>Chooses from the menu beside the Publish button.</summary>
    public async Task ChooseFromMenuAsync(string item)
    {
        await Page.Locator(".mud-toolbar .mud-menu-icon-button-activator").Last.ClickAsync();
        await Popover.GetByText(item, new() { Exact = true }).ClickAsync();
    }

    /// <summary>The row of a list that has a cell with just this text.</summary>
    public ILocator Row(string cell) => Rows.Filter(new() { Has = Page.Locator("td", new() { HasTextRegex = new Regex($@"^\s*{Regex.Escape(cell)}\s*$") }) });

    /// <summary>Chooses from the menu of a row.</summary>
    public async Task ChooseFromRowAsync(string cell, string item)
    {
        await Row(cell).Locator("button").Last.ClickAsync();
        await Popover.GetByText(item, new() { Exact = true }).ClickAsync();
    }

    /// <summary>Answers the dialog with its last button.</summary>
    public async Task ConfirmAsync()
    {
        var answer = Page.Locator(".mud-dialog-actions button").Last;
        await answer.ClickAsync();
        try
        {
            await answer.WaitForAsync(new() { State = WaitForSelectorState.Hidden, Timeout = 10_000 });
        }
        catch (TimeoutException)
        {
            // A dialog that is still being drawn loses the click without a word; a person presses again.
            await answer.ClickAsync();
        }
    }

    /// <summary>Drags an activity from the toolbox onto the canvas and answers its id.</summary>
    public async Task<string> DropAsync(string category, string activity, float x, float y)
    {
        var group = Page.Locator(".mud-expand-panel").Filter(new() { HasText = category }).First;
        var tile = group.Locator("[draggable=true]").Filter(new() { HasTextRegex = new Regex($@"^\s*{activity}\s*$") });
        if (!await tile.IsVisibleAsync())
            await group.Locator(".mud-expand-panel-header").ClickAsync();
        var before = await IdsAsync();
        await SaveAsync(() => tile.DragToAsync(Page.Locator(".x6-graph"), new() { TargetPosition = new() { X = x, Y = y } }));
        return Assert.Single((await IdsAsync()).Except(before));
    }

    /// <summary>Draws a connection with the mouse.</summary>
    public async Task ConnectAsync(string from, string port, string to)
    {
        // The handles of a selection cover the circles.
        await Page.Locator(".x6-graph").ClickAsync(new() { Position = new() { X = 20, Y = 20 } });
        await SaveAsync(async () =>
        {
            var (start, end) = (await MiddleAsync(Port(from, port)), await MiddleAsync(Port(to, "In")));
            await Page.Mouse.MoveAsync(start.X, start.Y);
            await Page.Mouse.DownAsync();
            await Page.Mouse.MoveAsync(start.X + 30, start.Y + 10, new() { Steps = 4 });
            await Page.Mouse.MoveAsync(end.X, end.Y, new() { Steps = 8 });
            await Page.Mouse.UpAsync();
        });
    }

    /// <summary>Presses Publish and answers what the server said.</summary>
    public Task<IResponse> PublishAsync() => Page.RunAndWaitForResponseAsync(
        () => Page.Locator(".mud-toolbar .mud-icon-button.mud-primary-text").Last.ClickAsync(), answer => IsSave(answer) && answer.Request.PostData!.Contains("\"publish\":true", StringComparison.Ordinal));

    /// <summary>Fails when the page complained, called another host or Studio broke; <paramref name="expected"/> is a trouble that the test itself has made.</summary>
    public async Task AssertNothingBrokeAsync(string? expected = null)
    {
        Assert.All(_complaints, complaint => Assert.True(expected is not null && complaint.Contains(expected, StringComparison.Ordinal), complaint));
        await Visitor.Expect(Page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Page.CloseAsync();

    /// <summary>Does something after which Studio saves by itself; answers the definition as saved.</summary>
    public async Task<JsonNode> SaveAsync(Func<Task> act)
    {
        var answer = await Page.RunAndWaitForResponseAsync(act, IsSave);
        return JsonNode.Parse(await answer.TextAsync())!["workflowDefinition"]!;
    }

    private static bool IsSave(IResponse answer) => answer.Request.Method == "POST" && answer.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal);

    private Task IsShownAsync() => Page.Locator("#sf-studio .elsa-activity, #sf-studio .mud-table-body").First.WaitForAsync();

    private async Task<string[]> IdsAsync() => await Page.Locator("elsa-activity-wrapper").EvaluateAllAsync<string[]>("nodes => nodes.map(node => node.getAttribute('activity-id'))");

    private static async Task<(float X, float Y)> MiddleAsync(ILocator locator)
    {
        var box = (await locator.BoundingBoxAsync())!;
        return (box.X + box.Width / 2, box.Y + box.Height / 2);
    }
}
