namespace SalesFlow.Sales.People;

/// <summary>When somebody is away, and who stands in.</summary>
public sealed class Absence
{
    /// <summary>Id of the absence.</summary>
    public long Id { get; set; }
    /// <summary>Who is away.</summary>
    public UserId UserId { get; set; }
    /// <summary>From when on.</summary>
    public DateTimeOffset From { get; set; }
    /// <summary>Until when; at this instant the person is back.</summary>
    public DateTimeOffset To { get; set; }
    /// <summary>Who gets the work meanwhile; null when it waits.</summary>
    public UserId? Substitute { get; set; }
    /// <summary>When the open tasks were handed over; null while that is still to be done.</summary>
    public DateTimeOffset? HandedOverAt { get; set; }
    /// <summary>Holiday, illness, ...; for people, not for rules.</summary>
    public string? Reason { get; set; }
}
