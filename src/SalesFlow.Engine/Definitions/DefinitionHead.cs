using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace SalesFlow.Engine.Definitions;

/// <summary>What a document says about itself and the definitions it uses, read without compiling it.</summary>
public sealed record DefinitionHead(string DefinitionId, string VersionId, int Version, string? Name, bool IsPublished, bool UsableAsActivity, ImmutableHashSet<string> Uses)
{
    /// <summary>The head of a document; null when it is not a JSON object.</summary>
    public static DefinitionHead? Of(string document)
    {
        if (DefinitionReader.Parse(document, []) is not { } json)
            return null;
        var id = json.Text("definitionId") ?? json.Text("id") ?? json.Text("name") ?? "definition";
        var uses = ImmutableHashSet.CreateBuilder<string>();
        if (json.Member("root") is { } root)
            Collect(root, uses);
        return new(id, json.Text("id") ?? id, json.Whole("version") ?? 1, json.Text("name"), json.Member("isPublished") is not { ValueKind: JsonValueKind.False }, IsUsable(json), uses.ToImmutable());
    }

    /// <summary>The activity type that the definition's name makes.</summary>
    public string? TypeName => TypeNameOf(Name);

    /// <summary>The head that a node means: the version it names, else the newest published one of its definition, else one whose name makes the node's type.</summary>
    public static DefinitionHead? Choose(IReadOnlyCollection<DefinitionHead> heads, DefinitionReference reference) =>
        heads.FirstOrDefault(head => head.VersionId == reference.VersionId)
        ?? heads.Where(head => head.IsPublished && head.DefinitionId == reference.DefinitionId).MaxBy(head => head.Version)
        ?? heads.Where(head => head is { IsPublished: true, UsableAsActivity: true } && head.TypeName == reference.TypeName).MaxBy(head => head.Version);

    /// <summary>Those that others use come first; what uses itself keeps its place.</summary>
    public static IReadOnlyList<T> InOrderOfUse<T>(IEnumerable<T> items, Func<T, DefinitionHead?> headOf)
    {
        var all = items.ToList();
        var byId = all.ToLookup(item => headOf(item)?.DefinitionId);
        var (ordered, seen) = (new List<T>(all.Count), new HashSet<T>());
        all.ForEach(Visit);
        return ordered;

        void Visit(T item)
        {
            if (!seen.Add(item))
                return;
            foreach (var id in (headOf(item)?.Uses ?? []).Order(StringComparer.Ordinal))
                foreach (var used in byId[id])
                    Visit(used);
            ordered.Add(item);
        }
    }

    /// <summary>Pascal case without spaces and dashes: "Client qualification" and "Квалификация клиента" become ClientQualification and КвалификацияКлиента.</summary>
    public static string? TypeNameOf(string? name)
    {
        if (name is null)
            return null;
        var type = new StringBuilder(name.Length);
        foreach (var word in name.Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries))
            type.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        return type.ToString();
    }

    /// <summary>The option, else the obsolete flag at the top.</summary>
    internal static bool IsUsable(JsonElement json) =>
        json.Member("options")?.Member("usableAsActivity") is { } usable ? usable.ValueKind == JsonValueKind.True : json.Flag("usableAsActivity");

    private static void Collect(JsonElement json, ImmutableHashSet<string>.Builder uses)
    {
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray())
                Collect(item, uses);
        if (json.ValueKind != JsonValueKind.Object)
            return;
        if (json.Text("workflowDefinitionId") is { } used)
            uses.Add(used);
        foreach (var member in json.EnumerateObject())
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                Collect(member.Value, uses);
    }
}
