using System.Globalization;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Instances;

/// <summary>Ids on the wire: an instance's number as text, and for what belongs to it that and a number of its own.</summary>
internal static class ElsaIds
{
    /// <summary>Null for a text that is no id: it names nothing.</summary>
    public static InstanceId? Instance(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new InstanceId(id) : null;

    /// <summary>Ids of the instances named; those that are no ids name nothing.</summary>
    public static IReadOnlyList<long> Instances(IEnumerable<string>? texts) => [.. (texts ?? []).Select(Instance).OfType<InstanceId>().Select(id => id.Value).Distinct()];

    /// <summary>Id of an execution, a bookmark or a line of the journal.</summary>
    public static string Part(long instance, int number) => string.Create(CultureInfo.InvariantCulture, $"{instance}-{number}");

    /// <summary>Reads <see cref="Part"/>; null for anything else.</summary>
    public static (InstanceId Instance, int Number)? Part(string? text)
    {
        if (text?.Split('-') is [var instance, var part] && Instance(instance) is { } id && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return (id, number);
        return null;
    }
}
