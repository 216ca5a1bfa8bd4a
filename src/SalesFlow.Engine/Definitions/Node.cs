using System.Collections.Immutable;
using System.Text.Json;

namespace SalesFlow.Engine.Definitions;

/// <summary>One activity of a compiled definition.</summary>
public sealed class Node
{
    /// <summary>Unique in the definition.</summary>
    public required string Id { get; init; }
    /// <summary>Path of ids from the workflow down, joined by ':' as Elsa computes it.</summary>
    public required string NodeId { get; init; }
    /// <summary>Where it stands in the document, such as root.activities[3].body; inside a used definition it goes on with that definition's id.</summary>
    public string Path { get; init; } = "";
    /// <summary>Optional name, used by output accessors.</summary>
    public string? Name { get; init; }
    /// <summary>Activity type as written, e.g. Elsa.WriteLine; kept even when unknown.</summary>
    public required string Type { get; init; }
    /// <summary>Behaviour; for an unknown type one that faults when executed.</summary>
    public required Activity Activity { get; init; }
    /// <summary>The node's JSON as received.</summary>
    public required JsonElement Json { get; init; }
    /// <summary>What <see cref="Activity.Compile"/> read.</summary>
    public object? Plan { get; set; }
    /// <summary>What designers call it: metadata.displayText, else the name, else the id.</summary>
    public string Title { get; init; } = "";
    /// <summary>Wrapped inputs by Pascal-case name.</summary>
    public ImmutableDictionary<string, Expression> Inputs { get; init; } = ImmutableDictionary<string, Expression>.Empty;
    /// <summary>The inputs that are evaluated before the activity is, in the descriptor's order.</summary>
    internal (InputDescriptor Input, Expression Expression)[] Evaluated => field ??=
        [.. Activity.Descriptor.Inputs.Where(input => input.AutoEvaluate && Inputs.ContainsKey(input.Name)).Select(input => (input, Inputs[input.Name]))];
    /// <summary>Inputs that are JSON of their own kind (a variable, cases), as written.</summary>
    internal (string Name, object Json)[] Naked => field ??=
        [.. from input in Activity.Descriptor.Inputs where !input.IsWrapped let json = Json.Member(DefinitionCompiler.Camel(input.Name)) where json is not null select (input.Name, (object)json.Value)];
    /// <summary>Bound outputs: Pascal-case output name to the variable id or workflow output it is written to.</summary>
    public ImmutableDictionary<string, string> Outputs { get; init; } = ImmutableDictionary<string, string>.Empty;
    /// <summary>Converters that outputs must pass, by Pascal-case output name.</summary>
    internal ImmutableDictionary<string, string> Converters { get; init; } = ImmutableDictionary<string, string>.Empty;
    /// <summary>What the journal may keep of inputs and outputs; null when nothing is said.</summary>
    internal LogRules? Logs { get; init; }
    /// <summary>Embedded activities by Pascal-case slot name ("Body", "Then").</summary>
    public ImmutableDictionary<string, Node> Slots { get; set; } = ImmutableDictionary<string, Node>.Empty;
    /// <summary>Children of a container, in order.</summary>
    public ImmutableArray<Node> Children { get; set; } = [];
    /// <summary>Variables that a container declares.</summary>
    public ImmutableArray<Variable> Variables { get; init; } = [];
    /// <summary>May start the workflow (customProperties.canStartWorkflow).</summary>
    public bool CanStart { get; init; }
}

/// <summary>An expression as written: its language and text or value.</summary>
public sealed class Expression(string type, JsonElement value)
{
    /// <summary>Literal, Object, Variable, Input, JavaScript, Liquid, Scriban, or something unknown.</summary>
    public string Type { get; } = type;
    /// <summary>The value as written.</summary>
    public JsonElement Value { get; } = value;
    /// <summary>What the language's compiler made of it; set once by the expression evaluator.</summary>
    internal object? Compiled { get; set; }
}

/// <summary>A declared variable; <paramref name="Initial"/> is its default, converted to its type.</summary>
/// <param name="Persisted">False when it has no storage driver or the memory driver: it lives for one turn.</param>
public sealed record Variable(string Id, string Name, string TypeName, bool IsArray, object? Initial, bool Persisted);

/// <summary>A declared input or output of a definition.</summary>
public sealed record Argument(string Name, string TypeName, bool Persisted = false);

/// <summary>Something wrong in a definition: where, and what was expected.</summary>
/// <param name="Path">JSON path such as root.activities[3].connections[0].</param>
/// <param name="IsError">False for a warning: the definition runs all the same.</param>
public sealed record Problem(string Path, string Message, bool IsError = true)
{
    /// <inheritdoc />
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>What <see cref="Activity.Compile"/> sees: the node's JSON, ways to read the language's constructs from it, and where to report mistakes.</summary>
public abstract class NodeSource
{
    /// <summary>The node's JSON.</summary>
    public abstract JsonElement Json { get; }
    /// <summary>The activities of a container, compiled, in order.</summary>
    public abstract IReadOnlyList<Node> Children { get; }
    /// <summary>The wrapped inputs by Pascal-case name.</summary>
    public abstract IReadOnlyDictionary<string, Expression> Inputs { get; }
    /// <summary>Reads a naked expression {type, value} or a wrapped input; mistakes in it are reported at <paramref name="path"/>, when one is given.</summary>
    public abstract Expression? Expression(JsonElement json, string? path = null);
    /// <summary>Reports what is wrong with an expression before it ever runs.</summary>
    public abstract void Check(Expression expression, string path);
    /// <summary>Compiles an embedded activity; null when the JSON is null or broken (reported).</summary>
    public abstract Node? Child(JsonElement json, string path);
    /// <summary>Reports a mistake at <paramref name="path"/>, relative to the node.</summary>
    public abstract void Report(string path, string message, bool isError = true);
}
