using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Studio.Descriptors;

/// <summary>An activity type as Studio's toolbox and property panels read it.</summary>
internal sealed record ActivityView(string TypeName, string Name, int Version, string Category, string DisplayName)
{
    public string ClrType => $"UnregisteredClrType:{TypeName}";
    public string Namespace { get; init; } = "";
    public string? Description { get; init; }
    public ImmutableArray<InputView> Inputs { get; init; } = [];
    public ImmutableArray<OutputView> Outputs { get; init; } = [];
    public string Kind { get; init; } = "Action";
    public bool RunAsynchronously { get; init; }
    public ImmutableArray<PortView> Ports { get; init; } = [];
    public IReadOnlyDictionary<string, object> CustomProperties { get; init; } = ImmutableDictionary<string, object>.Empty;
    public IReadOnlyDictionary<string, object> ConstructionProperties { get; init; } = ImmutableDictionary<string, object>.Empty;
    public bool IsContainer { get; init; }
    public bool IsBrowsable { get; init; } = true;
    public bool IsStart { get; init; }
    public bool IsTerminal { get; init; }

    /// <summary>A type of the catalogue in one language; <paramref name="live"/> are the choices of its inputs that only the product knows.</summary>
    public static ActivityView Of(ActivityDescriptor activity, string language, LiveChoices live)
    {
        var dot = activity.TypeName.LastIndexOf('.');
        // A type with free outcomes shows those of its input and the fixed ones; its ports would be ignored.
        var fixedOutcomes = activity.Inputs.Any(input => input.UIHint == "dynamic-outcomes") ? activity.Outcomes : [];
        return new(activity.TypeName, activity.TypeName[(dot + 1)..], activity.Version, activity.Category.In(language), activity.DisplayName.In(language))
        {
            Namespace = dot > 0 ? activity.TypeName[..dot] : "", Description = activity.Description.In(language), Kind = activity.Kind,
            Inputs = [.. activity.Inputs.Select((input, order) => InputView.Of(input, order, language, fixedOutcomes, live.Find(activity.TypeName, input.Name)))],
            Outputs = [.. activity.Outputs.Select((output, order) => new OutputView(output.Name, output.TypeName, output.DisplayName.In(language), order))],
            Ports = [.. activity.TypeName == "Elsa.Flowchart" ? [Start] : ReadOnlySpan<PortView>.Empty, .. activity.Slots.Select(slot => new PortView(slot.Name, slot.DisplayName.In(language), "Embedded")), .. activity.Outcomes.Select(outcome => new PortView(outcome.Name, outcome.DisplayName.In(language), "Flow"))],
            CustomProperties = activity.Resilience is { } kind ? Type(activity.TypeName).Add("Resilient", true).Add("ResilienceCategory", kind) : Type(activity.TypeName),
            IsContainer = activity.IsContainer, IsBrowsable = activity.IsBrowsable, IsStart = activity.IsStart, IsTerminal = activity.IsTerminal,
        };
    }

    /// <summary>Elsa's flowchart has a slot that is never drawn.</summary>
    private static readonly PortView Start = new("Start", "Start", "Embedded") { IsBrowsable = false };

    private static ImmutableDictionary<string, object> Type(string typeName) => ImmutableDictionary<string, object>.Empty.Add("Type", $"UnregisteredClrType:{typeName}");

    /// <summary>What Elsa lists beside its activities: the root of a definition and what stands in for an unknown type.</summary>
    public static IEnumerable<ActivityView> Hidden(string language) =>
    [
        new("Elsa.Workflow", "Workflow", 1, new Text("Workflows", "Процессы").In(language), new Text("Workflow", "Процесс").In(language))
        {
            Namespace = "Elsa", IsBrowsable = false, IsContainer = true, Description = "", CustomProperties = Type("Elsa.Workflow"),
            Ports = [new("Root", "Root", "Embedded") { IsBrowsable = false }], Outputs = [new("Result", "Object", new Text("Result", "Результат").In(language), 0)],
        },
        new("Elsa.NotFoundActivity", "NotFoundActivity", 1, new Text("System", "Системные").In(language), new Text("Not found", "Не найдено").In(language))
        {
            Namespace = "Elsa", IsBrowsable = false, CustomProperties = Type("Elsa.NotFoundActivity"),
            Description = new Text("Stands in for an activity type that is not known here.", "Стоит на месте действия, тип которого здесь неизвестен.").In(language),
        },
    ];
}

/// <summary>An input, an argument of a definition, or a field of an activity's panel.</summary>
internal sealed record InputView(string Name, string TypeName, string DisplayName, int Order)
{
    public string Description { get; init; } = "";
    public string UIHint { get; init; } = "singleline";
    public string? Category { get; init; }
    public object? DefaultValue { get; init; }
    public string DefaultSyntax { get; init; } = "Literal";
    public bool IsWrapped { get; init; } = true;
    public bool AutoEvaluate { get; init; } = true;
    public bool IsReadOnly { get; init; }
    public bool IsSensitive { get; init; }
    public bool IsBrowsable { get; init; } = true;
    public bool IsSerializable { get; init; } = true;
    public bool IsSynthetic { get; init; }
    public IReadOnlyDictionary<string, object?> UISpecifications { get; init; } = ImmutableDictionary<string, object?>.Empty;

    public static InputView Of(InputDescriptor input, int order, string language, ImmutableArray<PortDescriptor> fixedOutcomes, IReadOnlyList<Choice>? live) => new(input.Name, input.TypeName, input.DisplayName.In(language), order)
    {
        Description = input.Description.In(language), Category = input.Category?.In(language), DefaultValue = input.Default, DefaultSyntax = input.DefaultSyntax,
        IsWrapped = input.IsWrapped, IsSensitive = input.IsSensitive, AutoEvaluate = input.AutoEvaluate, UIHint = live is null || IsList(input) ? input.UIHint : "dropdown", UISpecifications = EditorOf(input, language, fixedOutcomes, live),
    };

    /// <summary>What the input's editor wants to know. Studio reads enums in here as numbers only.</summary>
    public static IReadOnlyDictionary<string, object?> EditorOf(InputDescriptor input, string language, ImmutableArray<PortDescriptor> fixedOutcomes, IReadOnlyList<Choice>? live)
    {
        var editor = ImmutableDictionary<string, object?>.Empty;
        if (live is not null)
            return (IsList(input) ? editor.Add("checklist", Ticks(live.Select(choice => (choice.Value, choice.Label)), language)) : editor.Add("dropdown", Dropdown(live.Select(choice => (choice.Value, choice.Label)), language))).Add("Refresh", true);
        return input.UIHint switch
        {
            "dropdown" when !input.Options.IsEmpty => editor.Add("dropdown", Dropdown(input.Options, language)),
            "radiolist" => editor.Add("radiolist", new { radioList = new { items = Items(input.Options, language), isFlagsEnum = false } }),
            "checklist" => editor.Add("checklist", Ticks(input.Options, language)),
            "code-editor" or "json-editor" => editor.Add("code-editor", new { editorHeight = 0, language = input.DefaultSyntax == "JavaScript" ? "javascript" : "json" }),
            "dynamic-outcomes" when !fixedOutcomes.IsEmpty => editor.Add("DynamicOutcomesOptions", new { fixedOutcomes = fixedOutcomes.Select(outcome => outcome.Name) }),
            "singleline" when input.Prefix is { } prefix => editor.Add("singleline", new { adornmentText = prefix, enableCopyAdornment = true }).Add("Refresh", true),
            _ => editor,
        };
    }

    /// <summary>Several of the choices may be taken.</summary>
    private static bool IsList(InputDescriptor input) => input.UIHint == "checklist";

    private static object Ticks(IEnumerable<(string Value, Text Label)> options, string language) =>
        new { checkList = new { items = options.Select(option => new { text = option.Label.In(language), value = option.Value, isChecked = false }), isFlagsEnum = false } };

    private static object Dropdown(IEnumerable<(string Value, Text Label)> options, string language) => new { selectList = new { items = Items(options, language), isFlagsEnum = false } };

    private static IEnumerable<object> Items(IEnumerable<(string Value, Text Label)> options, string language) => options.Select(option => new { text = option.Label.In(language), value = option.Value });
}

/// <summary>An output that may be bound to a variable.</summary>
internal sealed record OutputView(string Name, string TypeName, string DisplayName, int Order)
{
    public string Description { get; init; } = "";
    public bool IsBrowsable { get; init; } = true;
    public bool IsSerializable { get; init; } = true;
    public bool IsSynthetic { get; init; }
}

/// <summary>An outcome (Flow) or a slot for an activity (Embedded).</summary>
internal sealed record PortView(string Name, string DisplayName, string Type)
{
    public bool IsBrowsable { get; init; } = true;
}
