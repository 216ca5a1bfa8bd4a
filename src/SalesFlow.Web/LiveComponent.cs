using Microsoft.AspNetCore.Components;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Web;

/// <summary>A component that loads again when somebody else or the engine changes what it shows. Nothing blinks and nothing typed is lost: only what was loaded is replaced.</summary>
public abstract class LiveComponent : ActingComponent
{
    private IDisposable? _watch, _mails, _notifications;

    [Inject] private LiveUpdates Updates { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _watch = Updates.Watch(MayShow, () => InvokeAsync(RefreshQuietlyAsync));
        if (ShowsMails)
            _mails = Updates.WatchMails(() => InvokeAsync(RefreshQuietlyAsync));
        if (ShowsNotifications)
            _notifications = Updates.WatchNotifications(() => InvokeAsync(RefreshQuietlyAsync));
    }

    /// <summary>True for what shows what people were told.</summary>
    protected virtual bool ShowsNotifications => false;

    /// <summary>True for what shows how letters stand.</summary>
    protected virtual bool ShowsMails => false;

    // Whoever looks is known from the first load on.
    private bool MayShow(TurnOutcome turn) => Concerns(new DealId(turn.Instance.Value), turn.Turn.Changes) && (Known is not { } actor || DealNews.MayConcern(turn, actor));

    /// <summary>True when the changes may show on the page, whoever looks at it. Asked on the thread that committed them: quick, and reading nothing that is being written.</summary>
    protected abstract bool Concerns(DealId deal, IReadOnlyList<Change> changes);

    /// <summary>Loads what the page shows.</summary>
    protected abstract Task RefreshAsync(Actor actor);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _watch?.Dispose();
            _mails?.Dispose();
            _notifications?.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task RefreshQuietlyAsync()
    {
        try
        {
            await QuietlyAsync(RefreshAsync);
            StateHasChanged();
        }
        catch (Exception bug)
        {
            await DispatchExceptionAsync(bug);
        }
    }
}
