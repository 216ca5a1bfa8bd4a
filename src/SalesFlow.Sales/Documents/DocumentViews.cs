namespace SalesFlow.Sales.Documents;

/// <summary>An issued document without its text.</summary>
public sealed record DocumentView(string Id, string DealId, string Kind, string Number, string Template, string TemplateVersion,
    string Hash, string Language, DateTimeOffset At);
