using System.Collections.Immutable;

namespace SalesFlow.Engine;

/// <summary>A text in the two languages of the product.</summary>
public sealed record Text(string En, string Ru)
{
    /// <summary>The text for a culture name such as "ru" or "en-GB"; English when it is neither.</summary>
    public string In(string? culture) => culture?.StartsWith("ru", StringComparison.OrdinalIgnoreCase) == true ? Ru : En;
}

/// <summary>What is known of an activity type without running it: what the reader checks and what Studio shows.</summary>
public sealed record ActivityDescriptor(string TypeName, Text DisplayName, Text Category)
{
    /// <summary>One line for the toolbox.</summary>
    public Text Description { get; init; } = new("", "");
    /// <summary>Action, Trigger, Task or Job, as in Elsa.</summary>
    public string Kind { get; init; } = "Action";
    /// <summary>Inputs in the order Studio shows them.</summary>
    public ImmutableArray<InputDescriptor> Inputs { get; init; } = [];
    /// <summary>Outputs that a definition may bind to variables.</summary>
    public ImmutableArray<OutputDescriptor> Outputs { get; init; } = [];
    /// <summary>Outcomes drawn on the canvas. Empty means the default outcome only.</summary>
    public ImmutableArray<PortDescriptor> Outcomes { get; init; } = [];
    /// <summary>Embedded activity slots, e.g. "Body", "Then".</summary>
    public ImmutableArray<PortDescriptor> Slots { get; init; } = [];
    /// <summary>Ends the flowchart that holds it (End, Finish, Break, Complete).</summary>
    public bool IsTerminal { get; init; }
    /// <summary>Where a flowchart begins when nothing else says so.</summary>
    public bool IsStart { get; init; }
    /// <summary>Holds a list of activities (Flowchart, Sequence).</summary>
    public bool IsContainer { get; init; }
    /// <summary>Shown in the toolbox.</summary>
    public bool IsBrowsable { get; init; } = true;
    /// <summary>Runs code of the host's own languages, which is not shipped: a host may still list it.</summary>
    public bool IsHostCode { get; init; }
    /// <summary>What kind of retry strategy it takes ("HTTP"); null when none.</summary>
    public string? Resilience { get; init; }
    /// <summary>Type version written by designers.</summary>
    public int Version { get; init; } = 1;
}

/// <summary>An input of an activity. <paramref name="Name"/> is Pascal case; the JSON property is its camel case.</summary>
public sealed record InputDescriptor(string Name, string TypeName, Text DisplayName)
{
    /// <summary>One line under the editor.</summary>
    public Text Description { get; init; } = new("", "");
    /// <summary>Studio's editor: singleline, multiline, checkbox, dropdown, code-editor, dynamic-outcomes, ...</summary>
    public string UIHint { get; init; } = "singleline";
    /// <summary>Value when the definition says nothing.</summary>
    public object? Default { get; init; }
    /// <summary>Syntax a new expression begins with.</summary>
    public string DefaultSyntax { get; init; } = "Literal";
    /// <summary>Evaluated before Execute and on every resume; otherwise the activity evaluates it itself.</summary>
    public bool AutoEvaluate { get; init; } = true;
    /// <summary>Wrapped in {typeName, expression}; false for Elsa's naked inputs (cases, variable).</summary>
    public bool IsWrapped { get; init; } = true;
    /// <summary>Holds secrets: the journal never keeps it.</summary>
    public bool IsSensitive { get; init; }
    /// <summary>What the editor shows before the value.</summary>
    public string? Prefix { get; init; }
    /// <summary>Fixed choices of a dropdown.</summary>
    public ImmutableArray<(string Value, Text Label)> Options { get; init; } = [];
    /// <summary>Tab of the panel.</summary>
    public Text? Category { get; init; }
}

/// <summary>An output of an activity; <paramref name="Name"/> is Pascal case.</summary>
public sealed record OutputDescriptor(string Name, string TypeName, Text DisplayName);

/// <summary>An outcome or a slot.</summary>
public sealed record PortDescriptor(string Name, Text DisplayName);
