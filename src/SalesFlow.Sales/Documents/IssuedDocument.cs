namespace SalesFlow.Sales.Documents;

/// <summary>A document as it was issued; all that can happen to it is to be voided.</summary>
public sealed partial class IssuedDocument
{
    private IssuedDocument() { }

    /// <summary>The deal's id in its high bits.</summary>
    public DocumentId Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>Offer, contract, ...</summary>
    public string Kind { get; private set; } = "";
    /// <summary>Number within its series.</summary>
    public string Number { get; private set; } = "";
    /// <summary>Template it was rendered from.</summary>
    public string TemplateKey { get; private set; } = "";
    /// <summary>The template's version then.</summary>
    public int TemplateVersion { get; private set; }
    /// <summary>Hash of the template's text then.</summary>
    public string TemplateHash { get; private set; } = "";
    /// <summary>ru or en.</summary>
    public string Language { get; private set; } = "";
    /// <summary>Hash of its text.</summary>
    public string Hash { get; private set; } = "";
    /// <summary>When it was issued.</summary>
    public DateTimeOffset At { get; private set; }
    /// <summary>When it was last sent to the client; null when it never was.</summary>
    public DateTimeOffset? SentAt { get; private set; }
    /// <summary>How often it was sent.</summary>
    public int TimesSent { get; private set; }
    /// <summary>When it was voided; null while it holds.</summary>
    public DateTimeOffset? VoidedAt { get; private set; }
    /// <summary>Who voided it.</summary>
    public UserId? VoidedBy { get; private set; }
    /// <summary>Why.</summary>
    public string? VoidReason { get; private set; }
}

public sealed partial class IssuedDocument
{
    internal static IssuedDocument Of(Deals.DocumentIssued issued) => new()
    {
        Id = issued.Document, DealId = issued.Deal, Kind = issued.Kind, Number = issued.Number, TemplateKey = issued.TemplateKey, TemplateVersion = issued.TemplateVersion, TemplateHash = issued.TemplateHash,
        Language = issued.Language, Hash = issued.Hash, At = issued.At,
    };

    internal void Send(Deals.DocumentSent sent) => (SentAt, TimesSent) = (sent.At, TimesSent + 1);

    internal void Void(Deals.DocumentVoided voided) => (VoidedAt, VoidedBy, VoidReason) = (voided.At, voided.By, voided.Reason);
}
