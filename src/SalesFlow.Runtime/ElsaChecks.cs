using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>What Elsa itself refuses to publish, in Elsa's words.</summary>
internal static class ElsaChecks
{
    public static IEnumerable<Problem> Find(JsonObject document) => [.. Doubled(document, "inputs"), .. Doubled(document, "outputs")];

    private static IEnumerable<Problem> Doubled(JsonObject document, string member)
    {
        var names = (document[member] as JsonArray ?? []).OfType<JsonObject>().Select(argument => argument.Text("name")).OfType<string>();
        var doubled = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        if (doubled.Count > 0)
            yield return new Problem(member, $"The following {member} are defined more than once: {string.Join(", ", doubled)}");
    }
}
