using System.Collections.Immutable;
using Microsoft.Extensions.Localization;
using SalesFlow.Runtime;
using SalesFlow.Sales;

namespace SalesFlow.Web;

/// <summary>Why something could not be done, in words for the person who tried: what was wrong and, when known, what helps.</summary>
public sealed record Trouble(string Message, ImmutableArray<Obstacle> Obstacles, IReadOnlyDictionary<string, string[]> Errors)
{
    /// <summary>Nothing was done and only this sentence says why.</summary>
    public Trouble(string message) : this(message, [], ImmutableDictionary<string, string[]>.Empty) { }

    /// <summary>The messages about one field, as one text; null when there are none.</summary>
    public string? Of(string field) => Errors
        .Where(error => error.Key == field || error.Key.EndsWith($".{field}", StringComparison.OrdinalIgnoreCase) || string.Equals(error.Key, field, StringComparison.OrdinalIgnoreCase))
        .SelectMany(error => error.Value).FirstOrDefault();

    /// <summary>Turns a failure a person can mend into words; null means a bug, which belongs to the error boundary and the log.</summary>
    public static Trouble? From(Exception failure, IStringLocalizer<Texts> texts) => failure switch
    {
        RefusedException { Obstacles.Length: > 0 } refused => new(texts["NotYet"], refused.Obstacles, ImmutableDictionary<string, string[]>.Empty),
        RefusedException refused => new(refused.Message),
        ValidationException invalid => new(texts["CheckFields"], [], invalid.Errors),
        NotFoundException => new(texts["NotFoundText"]),
        ForbiddenException => new(texts["ForbiddenText"]),
        ChangedMeanwhileException => new(texts["ChangedText"]),
        _ => null,
    };
}
