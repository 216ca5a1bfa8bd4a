using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Mentions;

/// <summary>A note on a deal that names somebody.</summary>
public sealed class Mention
{
    /// <summary>Grows in the order in which they were written.</summary>
    public long Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>Who is named.</summary>
    public UserId Person { get; private set; }
    /// <summary>The whole note.</summary>
    public string Text { get; private set; } = "";
    /// <summary>When it was written.</summary>
    public DateTimeOffset At { get; private set; }
    /// <summary>Who wrote it.</summary>
    public UserId? By { get; private set; }
    /// <summary>When the named person put it away; null while it is new.</summary>
    public DateTimeOffset? SeenAt { get; private set; }
}

/// <summary>A mention as the named person reads it.</summary>
public sealed record MentionView(string Id, string DealId, string DealNumber, string DealTitle, string Text, DateTimeOffset At, string? By);

/// <summary>Finds the people that a note names: @ and a sign-in name.</summary>
public static partial class MentionedPeople
{
    /// <summary>Those who are named and work here, each once.</summary>
    public static ImmutableArray<UserId> Of(string text, ImmutableDictionary<UserId, UserView> people) =>
        [.. Name().Matches(text).Select(match => UserQueries.Find(people, match.Groups[1].Value.TrimEnd('.', '-'))).OfType<UserId>().Where(id => people[id].Active).Distinct()];

    [GeneratedRegex(@"(?<![\w@.])@([\w.\-]{1,100})", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Name();
}
