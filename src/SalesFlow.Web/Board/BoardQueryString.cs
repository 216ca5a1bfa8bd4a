using SalesFlow.Sales.Board;

namespace SalesFlow.Web.Board;

/// <summary>What the board is narrowed to, as it stands in the page's address, so that it can be kept and shared.</summary>
public sealed record BoardQueryString(string? Pipeline, string? Owner, string? Channel, string? Team, string? Segment, bool Overdue, bool Idle)
{
    /// <summary>The same question for the database.</summary>
    public BoardFilter For(string pipeline) => new(pipeline, Empty(Owner), Empty(Channel), Empty(Team), Empty(Segment), Overdue, Idle);

    /// <summary>The parameters of the address; what isn't set is left out.</summary>
    public Dictionary<string, object?> ToQuery() => new()
    {
        ["pipeline"] = Empty(Pipeline), ["owner"] = Empty(Owner), ["channel"] = Empty(Channel), ["team"] = Empty(Team), ["segment"] = Empty(Segment),
        ["overdue"] = Overdue ? true : null, ["idle"] = Idle ? true : null,
    };

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
