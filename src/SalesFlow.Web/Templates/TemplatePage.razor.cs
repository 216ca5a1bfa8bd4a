using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Web.Deals;

namespace SalesFlow.Web.Templates;

/// <summary>Writes a template: the text, what is wrong with it, the document of a real deal, and the versions until now.</summary>
public sealed partial class TemplatePage
{
    private const string Empty = "<!DOCTYPE html>\n<html>\n<head>\n  <meta charset=\"utf-8\">\n  <title>{{ number }}</title>\n</head>\n<body>\n  <h1>{{ deal.title }}</h1>\n</body>\n</html>\n";
    private DotNetObjectReference<TemplatePage>? _self;
    private ElementReference _editor;
    private TemplateName _name = null!;
    private TemplatePreview? _preview;
    private DealView? _deal;
    private string _text = "";
    private int _version;
    private bool _changed, _noDeals, _ready, _again;

    // What the template makes, as people call it; a part is called by its key.
    private string Title => _name is { IsPart: false } ? $"{Words.Known($"Document_{_name.Key}", _name.Key)}, {T[$"Language_{_name.Language}"]}" : Name;

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>Key and language, as in offer.ru.</summary>
    [Parameter] public string Name { get; set; } = "";

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _self = DotNetObjectReference.Create(this);
        await Browser.InvokeVoidAsync("salesFlow.editor.start", Left, _editor, _self);
        await LoadAsync();
        StateHasChanged();
    }

    /// <summary>The browser tells that something was typed; the text itself is fetched in pieces, since a message may not be as long as a template.</summary>
    [JSInvokable]
    public async Task TypedAsync()
    {
        if (Busy)
        {
            _again = true;
            return;
        }
        await ReadAsync();
        await ShowAsync();
        StateHasChanged();
    }

    private Task<bool> LoadAsync() => TryAsync(async actor =>
    {
        _name = TemplateName.Read(Name, actor.Language);
        var known = (await Templates.ListAsync(Left)).Any(template => template.Name == _name.ToString()) ? await Templates.TextAsync(_name, null, Left) : null;
        (_text, _version, _changed, _ready) = (known?.Text ?? (_name.IsPart ? "" : Empty), known?.Version ?? 0, known is null && !_name.IsPart, true);
        await Browser.InvokeVoidAsync("salesFlow.editor.write", Left, _editor, _text);
        _deal ??= (await Deals.ListAsync(new DealFilter(Limit: 1), actor, Left)).Items is [var newest, ..] ? newest : null;
        _noDeals = _deal is null;
        await PreviewAsync(actor);
    });

    private async Task ReadAsync()
    {
        await using var stream = await Browser.InvokeAsync<IJSStreamReference>("salesFlow.editor.read", Left, _editor);
        await using var bytes = await stream.OpenReadStreamAsync(DocumentTemplate.MaxCharacters * 4L, Left);
        using var reader = new StreamReader(bytes, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(Left);
        (_changed, _text) = (_changed || text != _text, text);
    }

    private async Task ShowAsync()
    {
        do
        {
            _again = false;
            await QuietlyAsync(PreviewAsync);
        }
        while (_again);
    }

    private async Task PreviewAsync(Actor actor)
    {
        if (_deal is not { } deal)
            return;
        var preview = await Commands.PreviewAsync(_name, _text, DealIds.Read(deal.Id), actor, Left);
        // While a mistake is being typed the last document stays, paler.
        _preview = preview.Errors.Length > 0 ? preview with { Html = _preview?.Html, Through = _preview?.Through } : preview;
    }

    private async Task SaveAsync()
    {
        await ReadAsync();
        TemplateChange? saved = null;
        if (!await TryAsync(async actor => saved = await Commands.SaveAsync(_name, _text, _version, dryRun: false, actor, Left)))
            return;
        (_version, _changed) = (saved!.Version, false);
        Snackbar.Add(T["VersionInForce", _version], Severity.Success);
    }

    private async Task ChooseAsync(DealView? deal)
    {
        if (deal is null || deal.Id == _deal?.Id)
            return;
        _deal = deal;
        await QuietlyAsync(PreviewAsync);
    }

    private async Task<IEnumerable<DealView>> FindAsync(string? words, CancellationToken cancel)
    {
        IEnumerable<DealView> found = [];
        // The chosen deal's own name is no search for it.
        var query = words is null || _deal is { } chosen && words.StartsWith(chosen.Number, StringComparison.Ordinal) ? null : words;
        await QuietlyAsync(async actor => found = (await Deals.ListAsync(new DealFilter(Q: query, Limit: 20), actor, cancel)).Items);
        return found;
    }

    private ValueTask GoAsync(TemplateProblem problem) => Browser.InvokeVoidAsync("salesFlow.editor.go", Left, _editor, problem.Line, problem.Column);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Dispose();
        _self?.Dispose();
        await ValueTask.CompletedTask;
    }
}
