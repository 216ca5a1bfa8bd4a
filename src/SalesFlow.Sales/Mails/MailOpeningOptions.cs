namespace SalesFlow.Sales.Mails;

/// <summary>Whether it is noted that a client has opened a letter. Configuration section <c>Mail:Openings</c>.</summary>
public sealed class MailOpeningOptions
{
    /// <summary>True to put a picture of this server into letters with documents, which mail programs fetch when the letter is shown. Default: false, since readers are not asked.</summary>
    public bool Noted { get; set; }
}
