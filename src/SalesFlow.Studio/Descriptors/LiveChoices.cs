using SalesFlow.Engine;

namespace SalesFlow.Studio.Descriptors;

/// <summary>One choice of a dropdown.</summary>
public sealed record Choice(string Value, Text Label);

/// <summary>Choices that only the product knows (people, roles, templates), by activity type and input: they turn that input's editor into a dropdown.</summary>
public sealed record LiveChoices(IReadOnlyDictionary<(string ActivityType, string Input), IReadOnlyList<Choice>> ByInput)
{
    /// <summary>Names that expressions may read beside variables, such as deal.</summary>
    public IReadOnlyCollection<string> Globals { get; init; } = [];

    /// <summary>The choices of an input, or null when it is an ordinary one.</summary>
    public IReadOnlyList<Choice>? Find(string activityType, string input) => ByInput.GetValueOrDefault((activityType, input));
}

/// <summary>Asks the product for its choices as they are now. The server brings the one that there is.</summary>
public abstract class ChoiceSource
{
    /// <summary>All of them.</summary>
    public abstract Task<LiveChoices> LoadAsync(CancellationToken cancel);
}
