using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using SalesFlow.Engine;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;
using SalesFlow.Web.Tasks;

namespace SalesFlow.Web.Deals;

/// <summary>One deal: where it stands, what it waits for, what has to be done and what has happened.</summary>
public partial class DealPage
{
    private MudMenu? _moveMenu;
    private DealView? _deal;
    private int _readings;
    private PipelineView? _pipeline;
    private ImmutableArray<MoveView> _moves = [];
    private ImmutableArray<StageStep> _steps = [];
    private ImmutableArray<TaskView> _openTasks = [];
    private ImmutableArray<FormFieldView> _fields = [];
    private ImmutableArray<DocumentView> _documents = [];
    private ImmutableArray<MeetingView> _meetings = [];
    private ImmutableArray<DealFieldView> _dealFields = [];
    private readonly TaskDrafts _drafts = new();
    private string? _openTask;
    private string? _shown;
    private string? _arrived;

    /// <summary>Id of the deal, as the address has it.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private DealQueries Queries { get; set; } = null!;
    [Inject] private TaskQueries TaskQueries { get; set; } = null!;
    [Inject] private MeetingQueries MeetingQueries { get; set; } = null!;
    [Inject] private DocumentQueries DocumentQueries { get; set; } = null!;
    [Inject] private PipelineQueries PipelineQueries { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private MoveView? Next => _pipeline?.Stages.OrderBy(stage => stage.Order).SkipWhile(stage => stage.Key != _deal?.Stage?.Key).Skip(1).FirstOrDefault() is { } next
        && _deal is { State: "open" } ? _moves.FirstOrDefault(move => move.Stage == next.Key) : null;

    private IEnumerable<(string Label, string? Value)> ClientFacts =>
        [("ClientInn", _deal!.Client.Inn), ("ClientContact", _deal.Client.Contact), ("ClientEmail", _deal.Client.Email), ("ClientPhone", _deal.Client.Phone)];

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Id)
            return;
        (_shown, _deal) = (Id, null);
        await LoadAsync();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var target = new Uri(Navigation.Uri).Fragment.TrimStart('#');
        if (target.Length == 0 || _deal is null || _arrived == target)
            return;
        _arrived = target;
        if (target.StartsWith("task-", StringComparison.Ordinal))
        {
            _openTask = target[5..];
            StateHasChanged();
        }
        await Browser.InvokeVoidAsync("salesFlow.show", target);
    }

    /// <inheritdoc />
    protected override bool Concerns(DealId deal, IReadOnlyList<Change> changes) => DealId.TryParse(Id, out var id) && deal == id;

    /// <inheritdoc />
    protected override async Task RefreshAsync(Actor actor)
    {
        if (!DealId.TryParse(Id, out var id))
            throw new NotFoundException($"'{Id}' is not the id of a deal; it is a number.");
        var deal = await Queries.GetAsync(id, actor, Left);
        _pipeline = await PipelineQueries.GetAsync(deal.Pipeline, actor.Language, Left);
        _moves = await Queries.MovesAsync(id, actor, Left);
        _steps = StageStep.Path(_pipeline, deal, await Queries.VisitsAsync(id, actor, Left));
        _documents = await DocumentQueries.ListAsync(id, actor, Left);
        _meetings = [.. await MeetingQueries.OfDealAsync(id, actor, Left)];
        _dealFields = [.. (await Queries.FieldsAsync(id, actor, Left)).Where(field => field.RequiredNow || field.Value is not null)];
        await LoadTasksAsync(id, actor);
        _deal = deal;
        _readings++;
    }

    private Task<bool> LoadAsync() => TryAsync(RefreshAsync);

    private async Task LoadTasksAsync(DealId id, Actor actor)
    {
        var tasks = (await TaskQueries.ListAsync(new TaskFilter("all", "any", id, Limit: 200), actor, Left)).Items;
        var before = _openTasks;
        // A task that somebody else has ended meanwhile stays in sight while it holds something that was typed for it.
        _openTasks = [.. tasks.Where(task => task.Status == "open" || _openTask == task.Id && _drafts.Holds(task.Id)).OrderBy(task => task.DueAt ?? DateTimeOffset.MaxValue)];
        // The forms of its tasks tell what the deal's fields are called and how they are edited; its own come first, since they are of its version.
        _fields = [.. tasks.SelectMany(task => task.Form).Concat(_pipeline?.Fields ?? []).DistinctBy(field => field.Field).Where(field => !DealPatch.Names.Contains(field.Field))
            .Select(field => field with { Required = false, RequiredFor = [] })];
        if (_openTasks.Length == 1 && !before.Any(task => task.Id == _openTasks[0].Id))
            _openTask = _openTasks[0].Id;
    }

    private async Task MoveAsync(MoveView move)
    {
        // The menu closes itself only after its item is done, and that lasts as long as the dialog.
        if (_moveMenu is not null)
            await _moveMenu.CloseMenuAsync();
        var dialog = await Dialogs.ShowAsync<MoveDialog>(T["MoveToStage", move.Name],
            new DialogParameters<MoveDialog> { { d => d.Deal, _deal! }, { d => d.Move, move } }, DialogLook.Wide);
        await ReloadAfterAsync(dialog);
    }

    private async Task CloseAsync(bool won)
    {
        var dialog = await Dialogs.ShowAsync<CloseDialog>(T[won ? "CloseWon" : "CloseLost"],
            new DialogParameters<CloseDialog> { { d => d.Deal, _deal! }, { d => d.Won, won } }, DialogLook.Wide);
        await ReloadAfterAsync(dialog);
    }

    private async Task EditAsync()
    {
        var dialog = await Dialogs.ShowAsync<EditDealDialog>(T["EditDeal"],
            new DialogParameters<EditDealDialog> { { d => d.Deal, _deal! }, { d => d.Fields, _fields } }, DialogLook.Wide);
        await ReloadAfterAsync(dialog);
    }

    private async Task ReloadAfterAsync(IDialogReference dialog)
    {
        if (await dialog.Result is { Canceled: false })
            await LoadAsync();
        else
            _arrived = null;
    }

    private string NameOf(string stage) => _pipeline?.Stages.FirstOrDefault(known => known.Key == stage)?.Name ?? stage;

    private TaskView? NextTask => NextAction.Of(_openTasks.Where(task => task.Status == "open"), task => task.WaitingSince is not null, task => task.DueAt);
}
