namespace SalesFlow.Sales.Notifications;

/// <summary>Tells pages that somebody was told something outside a deal's turn, or has seen it.</summary>
public sealed class NotificationFeed
{
    /// <summary>Raised after the commit; handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>Notifications were added or seen.</summary>
    public void Tell() => Changed?.Invoke();
}
