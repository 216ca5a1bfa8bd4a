using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SalesFlow.Sales.People;
using SalesFlow.Web.People;

namespace SalesFlow.Web;

/// <summary>A component that loads through queries and acts through commands as the person who signed in.</summary>
public abstract class ActingComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();

    [Inject] private CurrentActor Person { get; set; } = null!;
    [Inject] private IStringLocalizer<Texts> Sentences { get; set; } = null!;

    /// <summary>Begins with nothing under way.</summary>
    protected ActingComponent() => Left = _left.Token;

    /// <summary>Cancelled when the person leaves the page.</summary>
    protected CancellationToken Left { get; }

    /// <summary>Who signed in; null before the first load.</summary>
    private protected Actor? Known { get; private set; }

    /// <summary>True while something is being done; buttons are off.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Why the last attempt did not succeed; null when it did.</summary>
    protected Trouble? Trouble { get; set; }

    /// <summary>Loads or acts, once at a time; what a person can mend ends up in <see cref="Trouble"/>, a bug goes on to the error boundary.</summary>
    protected async Task<bool> TryAsync(Func<Actor, Task> attempt)
    {
        if (Busy)
            return false;
        (Busy, Trouble) = (true, null);
        StateHasChanged();
        try
        {
            await attempt(Known = await Person.GetAsync());
            return true;
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure) when (Trouble.From(failure, Sentences) is { } trouble)
        {
            Trouble = trouble;
            return false;
        }
        finally
        {
            Busy = false;
        }
    }

    /// <summary>Loads in the background: buttons stay on, and what the last attempt said stays unless this one fails.</summary>
    protected async Task QuietlyAsync(Func<Actor, Task> load)
    {
        try
        {
            await load(Known = await Person.GetAsync());
        }
        catch (Exception) when (Left.IsCancellationRequested)
        {
            // The person has left the page; whatever broke off broke off with it.
        }
        catch (Exception failure) when (Trouble.From(failure, Sentences) is { } trouble)
        {
            Trouble = trouble;
        }
    }

    /// <summary>Stops what is still being loaded.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }
}
