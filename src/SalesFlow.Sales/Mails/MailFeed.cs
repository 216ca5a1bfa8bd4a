namespace SalesFlow.Sales.Mails;

/// <summary>Tells the sender that there is something to send, and pages that letters stand otherwise than before.</summary>
public sealed class MailFeed
{
    /// <summary>Raised after the commit; handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>Letters were written, sent, or given up.</summary>
    public void Tell() => Changed?.Invoke();
}
