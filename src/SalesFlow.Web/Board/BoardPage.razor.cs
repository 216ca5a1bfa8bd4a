using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using MudBlazor;
using SalesFlow.Engine;
using SalesFlow.Sales;
using SalesFlow.Sales.Board;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Web.Deals;

namespace SalesFlow.Web.Board;

/// <summary>The open deals of a pipeline by stage. A deal that is lifted asks at once where it may go; the move itself is the one command of all movers.</summary>
public partial class BoardPage
{
    private readonly Dictionary<string, Virtualize<BoardCard>?> _lists = [];
    private ImmutableArray<PipelineView> _pipelines = [];
    private ImmutableArray<UserView> _owners = [];
    private IReadOnlyList<SavedView> _views = [];
    private BoardView? _board;
    private BoardQueryString? _asked;
    private (BoardCard Card, string Stage)? _dragged;
    private bool _missed;
    private ImmutableArray<MoveView> _moves = [];
    private string? _viewName, _said, _readyMs;
    private long _opened;

    [Inject] private BoardQueries Queries { get; set; } = null!;
    [Inject] private SavedViewCommands Views { get; set; } = null!;
    [Inject] private DealQueries Deals { get; set; } = null!;
    [Inject] private DealCommands Commands { get; set; } = null!;
    [Inject] private PipelineQueries PipelineQueries { get; set; } = null!;
    [Inject] private UserQueries Users { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private IDialogService Dialogs { get; set; } = null!;
    [Inject] private ISnackbar Snackbar { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    /// <summary>Key of the pipeline; the first one otherwise.</summary>
    [SupplyParameterFromQuery] public string? Pipeline { get; set; }
    /// <summary>A sign-in name, me or none.</summary>
    [SupplyParameterFromQuery] public string? Owner { get; set; }
    /// <summary>Where clients came from.</summary>
    [SupplyParameterFromQuery] public string? Channel { get; set; }
    /// <summary>Team of the owner.</summary>
    [SupplyParameterFromQuery] public string? Team { get; set; }
    /// <summary>Value of the field segment.</summary>
    [SupplyParameterFromQuery] public string? Segment { get; set; }
    /// <summary>Only deals with a late task.</summary>
    [SupplyParameterFromQuery] public bool Overdue { get; set; }
    /// <summary>Only deals in which nothing happens.</summary>
    [SupplyParameterFromQuery] public bool Idle { get; set; }

    private BoardQueryString Filter => new(Pipeline, Owner, Channel, Team, Segment, Overdue, Idle);

    private string? Chosen => string.IsNullOrEmpty(Pipeline) ? _pipelines.FirstOrDefault()?.Key : Pipeline;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _opened = Clock.GetTimestamp();
        base.OnInitialized();
    }

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => TryAsync(async actor =>
    {
        _pipelines = await PipelineQueries.ListAsync(actor.Language, Left);
        _views = await Views.ListAsync(actor, Left);
        if (!actor.Is(Roles.Rep))
            _owners = [.. (await Users.ListAsync(Left)).Where(user => user.Roles.Contains(Roles.Rep) || user.Roles.Contains(Roles.HeadOfSales))];
    });

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // The filter may change again while a board is being loaded; the last one wins.
        while (!Busy && _asked != Filter && Chosen is not null)
        {
            var asked = Filter;
            await TryAsync(LoadAsync);
            _asked = asked;
        }
        _readyMs ??= _board is null ? null : Clock.GetElapsedTime(_opened).TotalMilliseconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    protected override bool Concerns(DealId deal, IReadOnlyList<Change> changes) =>
        changes.Any(change => change is DealCreated or StageEntered or FieldsChanged or OwnerChanged or OwnerAssigned or DealWon or DealLost or TaskOpened or TaskCompleted or TaskCancelled or TaskWaits or TaskGoesOn);

    /// <inheritdoc />
    protected override async Task RefreshAsync(Actor actor)
    {
        // What others change waits while a card is in the hand: no column moves under it, and no browser lets go of a card that is drawn anew.
        _missed = _dragged is not null;
        if (_missed)
            return;
        await LoadAsync(actor);
        foreach (var list in _lists.Values.OfType<Virtualize<BoardCard>>())
            await list.RefreshDataAsync();
    }

    private async Task LoadAsync(Actor actor)
    {
        if (Chosen is not { } pipeline)
            return;
        var board = await Queries.GetAsync(Filter.For(pipeline), actor, Left);
        foreach (var column in board.Columns)
            _lists.TryAdd(column.Stage, null);
        _board = board;
    }

    private async ValueTask<ItemsProviderResult<BoardCard>> CardsAsync(string stage, ItemsProviderRequest request)
    {
        var column = _board!.Columns.First(known => known.Stage == stage);
        // What came with the board needs no second question.
        if (request.StartIndex + request.Count <= column.First.Length || column.Count <= column.First.Length)
            return new(column.First.Skip(request.StartIndex).Take(request.Count), column.Count);
        ImmutableArray<BoardCard> cards = [];
        await QuietlyAsync(async actor => cards = await Queries.CardsAsync(Filter.For(Chosen!), stage, request.StartIndex, Math.Max(1, request.Count), actor, request.CancellationToken));
        return new(cards, column.Count);
    }

    private MoveView? MoveTo(string stage) => _dragged is null ? null : _moves.FirstOrDefault(move => move.Stage == stage);

    private string? DropLook(MoveView? move) => move is null ? null : move.Stage == _dragged?.Stage ? "drop-home" : move.IsFree() ? "drop-free" : "drop-blocked";

    private async Task LiftAsync(BoardCard card, string stage)
    {
        (_dragged, _moves) = ((card, stage), []);
        await QuietlyAsync(async actor => _moves = await Deals.MovesAsync(DealIds.Read(card.Id), actor, Left));
    }

    private void PutDown() => (_dragged, _moves) = (null, []);

    // The browser says this after every drag, also after one that ended in a column.
    private async Task LetGoAsync()
    {
        PutDown();
        if (_missed)
            await QuietlyAsync(RefreshAsync);
    }

    private async Task DropAsync(string stage)
    {
        if (_dragged is not { } dragged || dragged.Stage == stage)
            return;
        PutDown();
        MoveView? move = null;
        await TryAsync(async actor => move = (await Deals.MovesAsync(DealIds.Read(dragged.Card.Id), actor, Left)).FirstOrDefault(known => known.Stage == stage));
        if (move is not null)
            await MoveAsync(dragged.Card, dragged.Stage, move);
    }

    /// <summary>The same without a mouse: a dialog names every stage and what stands in the way.</summary>
    private async Task AskAsync(BoardCard card, string stage)
    {
        if (!await TryAsync(async actor => _moves = await Deals.MovesAsync(DealIds.Read(card.Id), actor, Left)))
            return;
        var dialog = await Dialogs.ShowAsync<MoveChoice>(card.Title, new DialogParameters<MoveChoice> { { d => d.Moves, [.. _moves.Where(move => move.Stage != stage)] } }, DialogLook.Wide);
        if ((await dialog.Result)?.Data is MoveView move)
            await MoveAsync(card, stage, move);
    }

    private async Task MoveAsync(BoardCard card, string from, MoveView move)
    {
        if (!move.Allowed)
        {
            DealView? deal = null;
            if (!await TryAsync(async actor => deal = await Deals.GetAsync(DealIds.Read(card.Id), actor, Left)))
                return;
            var dialog = await Dialogs.ShowAsync<MoveDialog>(T["MoveToStage", move.Name], new DialogParameters<MoveDialog> { { d => d.Deal, deal! }, { d => d.Move, move } }, DialogLook.Wide);
            if ((await dialog.Result) is not { Canceled: false })
                return;
        }
        else if (!await TryAsync(actor => Commands.MoveAsync(DealIds.Read(card.Id), new DealMove(move.Stage, From: from), actor, Left)))
            return;
        _said = T["DealMoved", card.Title, move.Name];
        Snackbar.Add(_said, MudBlazor.Severity.Success);
        await QuietlyAsync(RefreshAsync);
    }

    private void Narrow(BoardQueryString filter) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(filter.ToQuery()), replace: true);

    private static string? Text(ChangeEventArgs change) => change.Value as string;

    private Task<bool> KeepAsync() => TryAsync(async actor =>
    {
        _views = await Views.KeepAsync(new SavedView(_viewName ?? "", new Uri(Navigation.Uri).Query), actor, Left);
        _viewName = null;
    });

    private Task<bool> ForgetAsync(SavedView view) => TryAsync(async actor => _views = await Views.ForgetAsync(view.Name, actor, Left));
}
