using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Definitions;

/// <summary>Names another definition: by version id, by id and version, by id alone, or by the activity type made of its name.</summary>
public sealed record DefinitionReference(string? DefinitionId, string? VersionId, int? Version, string TypeName);

/// <summary>Compiles definition documents. Every problem is reported with its JSON path; nothing is thrown for bad data.</summary>
public static class DefinitionReader
{
    /// <summary>Largest document in bytes.</summary>
    public const int MaxBytes = 20 << 20;
    /// <summary>Deepest nesting of JSON values; an activity inside an activity costs two or three.</summary>
    public const int MaxDepth = 256;
    /// <summary>Activities in one definition, those of used definitions included.</summary>
    public const int MaxActivities = 20_000;

    /// <summary>
    /// Reads a document. <paramref name="resolve"/> answers the document of another definition used as an activity, or null when there is none.
    /// </summary>
    public static Reading Read(string json, ActivityCatalogue catalogue, Func<DefinitionReference, string?>? resolve = null)
    {
        var problems = new List<Problem>();
        if (Parse(json, problems) is not { } root)
            return new Reading.Broken([.. problems]);
        var compiler = new DefinitionCompiler(catalogue, resolve, problems);
        WorkflowDefinition? definition = null;
        try
        {
            definition = compiler.Compile(root, json);
        }
        catch (InvalidOperationException broken)
        {
            // JSON that parses may still hold half of a surrogate pair, which no text can be made of.
            problems.Add(new Problem("$", $"holds text that cannot be read: {broken.Message}"));
        }
        return definition is null || problems.Exists(problem => problem.IsError)
            ? new Reading.Broken([.. problems.Where(problem => problem.IsError)])
            : new Reading.Fine(definition);
    }

    /// <summary>Every activity that can be made out in a document, also in one too broken to run: what a canvas shows while somebody draws.</summary>
    public static IReadOnlyCollection<Node> Outline(string json, ActivityCatalogue catalogue, Func<DefinitionReference, string?>? resolve = null) => Sketch(json, catalogue, resolve)?.Nodes ?? [];

    /// <summary>Activities of a document that have the id of another one: no instance could tell them apart, and no canvas could draw them.</summary>
    public static IReadOnlyList<Problem> DoubledIds(string json, ActivityCatalogue catalogue) => Sketch(json, catalogue, null)?.Doubled ?? [];

    private static DefinitionCompiler? Sketch(string json, ActivityCatalogue catalogue, Func<DefinitionReference, string?>? resolve)
    {
        var problems = new List<Problem>();
        if (Parse(json, problems) is not { } root)
            return null;
        var compiler = new DefinitionCompiler(catalogue, resolve, problems);
        try
        {
            compiler.Compile(root, json);
        }
        catch (InvalidOperationException)
        {
            // Text that cannot be read ends the outline where it stands.
        }
        return compiler;
    }

    /// <summary>The JSON itself; null when it is not a JSON object (reported).</summary>
    internal static JsonElement? Parse(string json, List<Problem> problems)
    {
        if (Encoding.UTF8.GetByteCount(json) is > MaxBytes and var bytes)
        {
            problems.Add(new Problem("$", $"is {bytes:N0} bytes; a definition may have {MaxBytes:N0}."));
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
            problems.Add(new Problem("$", $"is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}; expected a workflow definition, an object with \"root\"."));
        }
        catch (JsonException broken)
        {
            var message = broken.Message.Contains("depth", StringComparison.OrdinalIgnoreCase)
                ? $"is nested deeper than {MaxDepth} levels."
                : $"is not JSON at line {broken.LineNumber + 1}, column {broken.BytePositionInLine + 1}: {broken.Message.Split(" LineNumber", 2)[0]}";
            problems.Add(new Problem(broken.Path is { Length: > 0 } path ? path : "$", message));
        }
        return null;
    }

    internal static ImmutableArray<Argument> Arguments(JsonElement json, string member, List<Problem> problems)
    {
        var arguments = ImmutableArray.CreateBuilder<Argument>();
        var index = -1;
        foreach (var item in json.Items(member, (at, message) => problems.Add(new Problem(at, message))))
        {
            index++;
            if (item.Text("name") is not { } name)
                problems.Add(new Problem($"{member}[{index}].name", "is missing."));
            else if (item.Text("type") is { } type && !TypeNames.IsKnown(type))
                problems.Add(new Problem($"{member}[{index}].type", $"names the unknown type '{type}'. Known are String, Boolean, Int32, Decimal, DateTimeOffset, Object, ObjectDictionary and Elsa's other aliases."));
            else
                arguments.Add(new Argument(name, item.Text("type") ?? "Object", item.Text("storageDriverType")?.Contains("Workflow", StringComparison.Ordinal) == true));
        }
        return arguments.ToImmutable();
    }

    /// <summary>Variables of a definition; those of a container (<paramref name="inline"/>) become objects when their type is unknown, where a definition's are left out.</summary>
    internal static ImmutableArray<Variable> Variables(JsonElement json, string path, List<Problem> problems, bool inline = false)
    {
        var variables = ImmutableArray.CreateBuilder<Variable>();
        var index = -1;
        foreach (var item in json.Items("variables", (at, message) => problems.Add(new Problem(path + at, message))))
        {
            index++;
            var where = $"{path}variables[{index}]";
            if (item.Text("name") is not { } name)
                problems.Add(new Problem($"{where}.name", "is missing; the variable is left out.", IsError: false));
            else if (item.Text("typeName") is { } type && !TypeNames.IsKnown(type) && !inline)
                problems.Add(new Problem($"{where}.typeName", $"names the unknown type '{type}'; the variable '{name}' is left out.", IsError: false));
            else
                variables.Add(Variable(item, name, where, problems));
        }
        return variables.ToImmutable();
    }

    private static Variable Variable(JsonElement item, string name, string where, List<Problem> problems)
    {
        var (type, isArray) = (item.Text("typeName") ?? "Object", item.Flag("isArray"));
        var driver = item.Text("storageDriverTypeName");
        var persisted = driver is not null && !driver.Contains("Memory", StringComparison.Ordinal);
        var value = item.Member("value") is { } json ? Json.Plain(json) : null;
        object? initial = null;
        try
        {
            initial = Conversion.To(value, type, isArray);
        }
        catch (Exception mistake) when (mistake is FaultException or JsonException or InvalidOperationException)
        {
            problems.Add(new Problem($"{where}.value", $"is no {type}: {mistake.Message} The variable '{name}' begins empty.", IsError: false));
        }
        return new Variable(item.Text("id") ?? name, name, type, isArray, initial, persisted);
    }
}
