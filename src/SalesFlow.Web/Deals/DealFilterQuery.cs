using SalesFlow.Sales.Deals;

namespace SalesFlow.Web.Deals;

/// <summary>What the list of deals is narrowed to, as it stands in the page's address, so that it can be kept and shared.</summary>
public sealed record DealFilterQuery(string? Pipeline, string? Stage, string? State, string? Owner, string? Q, bool Idle = false, string? Attention = null)
{
    /// <summary>The same question for the database, from the given place on.</summary>
    public DealFilter From(string? cursor, int limit) => new(Empty(Pipeline), Empty(Stage), State is "all" ? null : Empty(State) ?? "open", Empty(Owner), Empty(Q), limit, cursor) { WithoutNextAction = Idle, Attention = Why };

    /// <summary>The parameters of the address; what isn't set is left out.</summary>
    public Dictionary<string, object?> ToQuery() => new()
    {
        ["pipeline"] = Empty(Pipeline),
        ["stage"] = Empty(Stage),
        ["state"] = State is "open" ? null : Empty(State),
        ["owner"] = Empty(Owner),
        ["q"] = Empty(Q),
        ["idle"] = Idle ? true : null,
        ["attention"] = Why?.ToString().ToLowerInvariant(),
    };

    /// <summary>True when nothing but the default narrows the list.</summary>
    public bool IsDefault => ToQuery().Values.All(value => value is null);

    /// <summary>The reason that the address names; null for none and for a word that is no reason.</summary>
    public Attention? Why => Enum.GetValues<Attention>().Cast<Attention?>().FirstOrDefault(why => string.Equals(why.ToString(), Empty(Attention), StringComparison.OrdinalIgnoreCase));

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
