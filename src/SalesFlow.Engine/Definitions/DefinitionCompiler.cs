using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Definitions;

/// <summary>Turns a document into nodes. Used definitions are compiled inline, inside the same tree.</summary>
internal sealed class DefinitionCompiler(ActivityCatalogue catalogue, Func<DefinitionReference, string?>? resolve, List<Problem> problems)
{
    private static readonly int MaxDepth = new EngineLimits().MaxDepth;
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Evaluator _evaluator = new(new EngineLimits());
    /// <summary>The definitions that are being compiled, each inside the one before.</summary>
    private readonly List<(string Id, string? TypeName)> _chain = [];
    private readonly Dictionary<(string, string), int> _numbers = [];
    private readonly Dictionary<DefinitionReference, JsonElement?> _used = [];
    /// <summary>Ids that the document being read gives to anything: made-up ids avoid them.</summary>
    private HashSet<string> _written = new(StringComparer.Ordinal);
    private int _activities;
    private int _depth;
    private LogRules? _logs;

    /// <summary>The nodes made so far.</summary>
    public IReadOnlyCollection<Node> Nodes => _nodes.Values;

    /// <summary>Activities that have the id of another one; they are among the problems too.</summary>
    public List<Problem> Doubled { get; } = [];

    public WorkflowDefinition? Compile(JsonElement json, string document)
    {
        if (json.Member("root") is not { } root)
        {
            problems.Add(new Problem("root", "is missing; expected an activity such as {\"type\": \"Elsa.Flowchart\", ...}."));
            return null;
        }
        var definitionId = json.Text("definitionId") ?? json.Text("id") ?? json.Text("name") ?? "definition";
        _chain.Add((definitionId, DefinitionHead.TypeNameOf(json.Text("name"))));
        _logs = LogRules.Read(json.Member("customProperties"), [], null);
        Collect(root);
        var workflowId = $"Workflow{Number(json)}";
        var (variables, inputs, outputs) = (DefinitionReader.Variables(json, "", problems), DefinitionReader.Arguments(json, "inputs", problems), DefinitionReader.Arguments(json, "outputs", problems));
        var rootNode = Node(root, "root", workflowId, []);
        if (rootNode is null)
            return null;
        var workflow = new Node { Id = workflowId, NodeId = workflowId, Type = "Elsa.Workflow", Activity = WorkflowRoot.Instance, Json = json, Variables = variables, Title = json.Text("name") ?? definitionId, Children = [rootNode] };
        _nodes[workflowId] = workflow;
        var options = json.Member("options");
        return new WorkflowDefinition
        {
            DefinitionId = definitionId, VersionId = json.Text("id") ?? definitionId, Version = json.Whole("version") ?? 1, Name = json.Text("name"), Document = document,
            Workflow = workflow, Root = rootNode, Variables = variables, Inputs = inputs, Outputs = outputs,
            Outcomes = json.Member("outcomes") is { ValueKind: JsonValueKind.Array } outcomes ? [.. outcomes.EnumerateArray().Select(outcome => outcome.ToString())] : [],
            ContinueWithIncidents = options?.Text("incidentStrategyType")?.Contains("ContinueWithIncidents", StringComparison.Ordinal) == true,
            Activation = Strategy(options?.Text("activationStrategyType")),
            UsableAsActivity = DefinitionHead.IsUsable(json),
            Nodes = _nodes, Warnings = [.. problems.Where(problem => !problem.IsError)],
        };
    }

    /// <summary>Read by its short or its long name: both are written by Elsa's versions.</summary>
    private ActivationStrategy Strategy(string? name)
    {
        var word = name?.Split(',')[0].Split('.')[^1].Trim();
        switch (word)
        {
            case null or "AllowAlwaysStrategy": return ActivationStrategy.Always;
            case "SingletonStrategy": return ActivationStrategy.Singleton;
            case "CorrelatedSingletonStrategy": return ActivationStrategy.CorrelatedSingleton;
            case "CorrelationStrategy": return ActivationStrategy.Correlation;
        }
        problems.Add(new Problem("options.activationStrategyType", $"names the unknown strategy '{name}'; known are AllowAlwaysStrategy, SingletonStrategy, CorrelatedSingletonStrategy and CorrelationStrategy."));
        return ActivationStrategy.Always;
    }

    /// <summary>One activity and everything inside it; null when it is broken (reported).</summary>
    internal Node? Node(JsonElement json, string path, string parentNodeId, HashSet<string> ids)
    {
        if (json.ValueKind != JsonValueKind.Object)
            problems.Add(new Problem(path, $"is a JSON {json.ValueKind.ToString().ToLowerInvariant()}; expected an activity, an object with \"id\" and \"type\"."));
        else if (json.Text("type") is not { } type)
            problems.Add(new Problem($"{path}.type", "is missing; expected an activity type such as \"Elsa.WriteLine\"."));
        else if (++_activities > DefinitionReader.MaxActivities)
        {
            if (_activities == DefinitionReader.MaxActivities + 1)
                problems.Add(new Problem(path, $"is one activity too many: a definition may have {DefinitionReader.MaxActivities:N0}."));
        }
        else if (_depth >= MaxDepth)
            problems.Add(new Problem(path, $"is nested deeper than {MaxDepth} activities, those of used definitions included."));
        else
        {
            _depth++;
            var node = Node(json, path, parentNodeId, type, Identify(json, path, type, ids), ids);
            _depth--;
            return node;
        }
        return null;
    }

    private Node Node(JsonElement json, string path, string parentNodeId, string type, string id, HashSet<string> ids)
    {
        var activity = catalogue.Find(type);
        var used = activity is null && !ClosesCircle(json.Text("workflowDefinitionId"), path) ? Used(json, type, path) : null;
        // A definition that has not been published yet is found by nobody, itself included.
        if (activity is null && used is null && json.Text("workflowDefinitionId") is null)
            ClosesCircle(_chain.Find(outer => outer.TypeName == type).Id, path);
        activity ??= used is not null ? new WorkflowAsActivity(type, used.Value) : new NotFoundActivity(type, NotFound(json, type));
        var nodeId = $"{parentNodeId}:{id}";
        var custom = json.Member("customProperties");
        var children = activity.Descriptor.IsContainer ? List(json, path, nodeId, ids) : [];
        var node = new Node
        {
            Id = id, NodeId = nodeId, Path = path, Name = json.Text("name"), Type = type, Activity = activity, Json = json,
            Title = json.Member("metadata")?.Text("displayText") ?? json.Text("name") ?? id,
            Inputs = Inputs(json, activity, path), Outputs = Outputs(json, activity), Slots = Slots(json, activity, path, nodeId, ids), Children = children,
            Variables = used is { } definition ? Arguments(definition) : activity.Descriptor.IsContainer ? DefinitionReader.Variables(json, path + ".", problems, inline: true) : [],
            CanStart = custom?.Flag("canStartWorkflow") ?? json.Flag("canStartWorkflow"),
            Logs = LogRules.Read(custom, activity.Descriptor.Inputs.Where(input => input.IsSensitive).Select(input => input.Name), _logs), Converters = Converters(json, activity, path),
        };
        if (used is { } inner)
            node.Children = Inline(inner, path, nodeId);
        node.Plan = activity.Compile(new Source(this, node, path, ids));
        _nodes.TryAdd(nodeId, node);
        return node;
    }

    private static string NotFound(JsonElement json, string type) => json.Text("workflowDefinitionId") is { } id
        ? $"Could not find workflow definition with ID {id}."
        : $"Activity type '{type}' version '{json.Whole("version") ?? 0}' could not be found.";

    private string Identify(JsonElement json, string path, string type, HashSet<string> ids)
    {
        if (json.Text("id") is { } id)
        {
            if (!ids.Add(id))
            {
                Doubled.Add(new Problem($"{path}.id", $"'{id}' is used by another activity of this definition; every activity needs an id of its own."));
                problems.Add(Doubled[^1]);
            }
            return id;
        }
        var shortName = type[(type.LastIndexOf('.') + 1)..];
        for (var n = 1; ; n++)
            if (!_written.Contains($"{shortName}{n}") && ids.Add($"{shortName}{n}"))
                return $"{shortName}{n}";
    }

    private ImmutableArray<Node> List(JsonElement container, string path, string nodeId, HashSet<string> ids)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        var index = 0;
        foreach (var item in container.Items("activities", (at, message) => Report($"{path}.{at}", message, isError: true)))
            if (Node(item, $"{path}.activities[{index++}]", nodeId, ids) is { } node)
                nodes.Add(node);
        return nodes.ToImmutable();
    }

    private ImmutableDictionary<string, Expression> Inputs(JsonElement json, Activity activity, string path)
    {
        var inputs = ImmutableDictionary.CreateBuilder<string, Expression>();
        foreach (var input in activity.Descriptor.Inputs)
        {
            if (!input.IsWrapped || json.Member(Property(activity, input.Name)) is not { } member || Wrapped(member) is not { } expression)
                continue;
            if (!Evaluator.Knows(expression.Type))
            {
                Report($"{path}.{Property(activity, input.Name)}", $"is an expression of the unknown type '{expression.Type}' and counts as not given. Known are {string.Join(", ", Evaluator.Types)}.", isError: false);
                continue;
            }
            inputs[input.Name] = expression;
            Check(expression, $"{path}.{Property(activity, input.Name)}");
        }
        return inputs.ToImmutable();
    }

    /// <summary>JSON that is no object is a literal; {typeName, expression:{type, value}} an expression; anything else no input at all.</summary>
    internal static Expression? Wrapped(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return new Expression("Literal", json);
        var expression = json.Member("expression") ?? (json.Text("type") is not null ? json : null);
        return expression?.Text("type") is { } type ? new Expression(type, expression.Value.Member("value") ?? default) : null;
    }

    private static ImmutableDictionary<string, string> Outputs(JsonElement json, Activity activity)
    {
        var outputs = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var output in activity.Descriptor.Outputs)
            if (json.Member(Property(activity, output.Name))?.Member("memoryReference")?.Text("id") is { } target)
                outputs[output.Name] = target;
        return outputs.ToImmutable();
    }

    /// <summary>Ids of the converters that outputs are to pass. This server has none, as a stock one: setting such an output faults, and is warned of.</summary>
    private ImmutableDictionary<string, string> Converters(JsonElement json, Activity activity, string path)
    {
        var converters = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var output in activity.Descriptor.Outputs)
            if (json.Member(Property(activity, output.Name))?.Member("converter")?.Text("id") is { } id)
            {
                converters[output.Name] = id;
                Report($"{path}.{Property(activity, output.Name)}.converter", $"names the output converter '{id}', which this server does not have; the activity will fault when it sets the output.", isError: false);
            }
        return converters.ToImmutable();
    }

    private ImmutableDictionary<string, Node> Slots(JsonElement json, Activity activity, string path, string nodeId, HashSet<string> ids)
    {
        var slots = ImmutableDictionary.CreateBuilder<string, Node>();
        foreach (var slot in activity.Descriptor.Slots)
            if (json.Member(Camel(slot.Name)) is { } member && Node(member, $"{path}.{Camel(slot.Name)}", nodeId, ids) is { } node)
                slots[slot.Name] = node;
        return slots.ToImmutable();
    }

    /// <summary>The document of the definition that a node uses as its activity, or null.</summary>
    private JsonElement? Used(JsonElement json, string type, string path)
    {
        var (definitionId, versionId) = (json.Text("workflowDefinitionId"), json.Text("workflowDefinitionVersionId"));
        if (type.StartsWith("Elsa.", StringComparison.Ordinal) && definitionId is null)
            return null;
        var reference = new DefinitionReference(definitionId, versionId, json.Whole("version"), type);
        if (_used.TryGetValue(reference, out var known))
            return known;
        if (resolve?.Invoke(reference) is not { } document)
            return _used[reference] = null;
        if (DefinitionReader.Parse(document, []) is not { } used)
        {
            problems.Add(new Problem(path, $"uses the definition '{definitionId ?? type}', which is not JSON."));
            return _used[reference] = null;
        }
        return _used[reference] = used;
    }

    private ImmutableArray<Node> Inline(JsonElement definition, string path, string nodeId)
    {
        var id = definition.Text("definitionId") ?? definition.Text("id") ?? "";
        if (ClosesCircle(id, path))
            return [];
        _chain.Add((id, DefinitionHead.TypeNameOf(definition.Text("name"))));
        var outer = _written;
        _written = [];
        Collect(definition);
        var workflowId = $"Workflow{Number(definition)}";
        var workflowNodeId = $"{nodeId}:{workflowId}";
        var root = definition.Member("root") is { } json ? Node(json, $"{path}<{id}>.root", workflowNodeId, []) : null;
        _written = outer;
        _chain.RemoveAt(_chain.Count - 1);
        if (root is null)
            return [];
        var workflow = new Node { Id = workflowId, NodeId = workflowNodeId, Type = "Elsa.Workflow", Activity = WorkflowRoot.Instance, Json = definition, Children = [root], Variables = DefinitionReader.Variables(definition, $"{path}<{id}>.", problems) };
        _nodes[workflowNodeId] = workflow;
        return [workflow];
    }

    /// <summary>True (reported, of the activity in the outermost definition) when a definition stands inside itself.</summary>
    private bool ClosesCircle(string? id, string path)
    {
        if (_chain.FindIndex(outer => outer.Id == id) is not (>= 0 and var start))
            return false;
        problems.Add(new Problem(path.Split('<')[0], $"lets a definition run inside itself: {string.Join(" → ", _chain[start..].Select(outer => outer.Id))} → {id}. Take the activity out, or let it dispatch the workflow instead."));
        return true;
    }

    private void Collect(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray())
                Collect(item);
        if (json.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in json.EnumerateObject())
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                Collect(member.Value);
            else if (member.Value.ValueKind == JsonValueKind.String && member.Name.Equals("id", StringComparison.OrdinalIgnoreCase) && member.Value.GetString() is { } id)
                _written.Add(id);
    }

    /// <summary>
    /// The number in a definition's implicit Workflow node: one more than the highest of the definitions it uses. Elsa prepares each definition by
    /// itself, the innermost first, and gives the next one the first number that is free in its tree.
    /// </summary>
    private int Number(JsonElement definition) => 1 + (definition.Member("root") is { } root ? HighestIn(root) : 0);

    private int HighestIn(JsonElement json)
    {
        var highest = 0;
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray())
                highest = Math.Max(highest, HighestIn(item));
        if (json.ValueKind != JsonValueKind.Object)
            return highest;
        if (json.Text("type") is { } type && json.Member("id") is not null && catalogue.Find(type) is null && Used(json, type, "") is { } used)
            highest = NumberOfUsed(used);
        foreach (var member in json.EnumerateObject())
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && member.Name is not ("metadata" or "customProperties" or "expression"))
                highest = Math.Max(highest, HighestIn(member.Value));
        return highest;
    }

    /// <summary>Known ones are remembered: definitions that use one another twice would double with every level. Circles are reported by the compiler.</summary>
    private int NumberOfUsed(JsonElement used)
    {
        var (id, version) = (used.Text("definitionId") ?? "", used.Text("id") ?? "");
        if (_numbers.TryGetValue((id, version), out var known))
            return known;
        if (_chain.Exists(outer => outer.Id == id) || _chain.Count > MaxDepth)
            return 0;
        _chain.Add((id, null));
        var number = Number(used);
        _chain.RemoveAt(_chain.Count - 1);
        return _numbers[(id, version)] = number;
    }

    /// <summary>Inputs and outputs of a used definition are variables of its activity.</summary>
    private ImmutableArray<Variable> Arguments(JsonElement definition) =>
    [
        .. DefinitionReader.Arguments(definition, "inputs", problems).Concat(DefinitionReader.Arguments(definition, "outputs", problems))
            .DistinctBy(argument => argument.Name).Select(argument => new Variable(argument.Name, argument.Name, argument.TypeName, false, null, true)),
    ];

    /// <summary>The JSON property of an input or output. Those of a used definition may have the name of what every activity has, and then begin with "_".</summary>
    private static string Property(Activity activity, string name) =>
        activity is WorkflowAsActivity && Reserved.Contains(name) ? "_" + Camel(name) : Camel(name);

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "id", "nodeId", "name", "type", "version", "customProperties", "metadata", "canStartWorkflow", "runAsynchronously", "root", "variables",
        "workflowDefinitionId", "workflowDefinitionVersionId", "latestAvailablePublishedVersion", "latestAvailablePublishedVersionId",
    };

    internal static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];

    private sealed class Source(DefinitionCompiler compiler, Node node, string path, HashSet<string> ids) : NodeSource
    {
        public override JsonElement Json => node.Json;
        public override IReadOnlyList<Node> Children => node.Children;
        public override IReadOnlyDictionary<string, Expression> Inputs => node.Inputs;
        public override void Check(Expression expression, string at) => compiler.Check(expression, $"{path}.{at}");

        public override Expression? Expression(JsonElement json, string? at = null)
        {
            var expression = Wrapped(json);
            if (expression is not null && at is not null)
                Check(expression, at);
            return expression;
        }

        public override Node? Child(JsonElement json, string at) => json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : compiler.Node(json, $"{path}.{at}", node.NodeId, ids);
        public override void Report(string at, string message, bool isError = true) => compiler.Report(at.Length == 0 ? path : $"{path}.{at}", message, isError);
    }

    private void Check(Expression expression, string path) => problems.AddRange(_evaluator.Check(expression, path));

    private void Report(string path, string message, bool isError) => problems.Add(new Problem(path, message, isError));
}
