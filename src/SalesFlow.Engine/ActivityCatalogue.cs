using SalesFlow.Engine.Activities;

namespace SalesFlow.Engine;

/// <summary>The activity types that definitions may use: Elsa's built-in ones and those the product adds.</summary>
public sealed class ActivityCatalogue
{
    private readonly Dictionary<string, Activity> _byType;

    /// <summary>
    /// The built-in types and <paramref name="extra"/>; an extra type of the same name takes the built-in one's place. Cron expressions are read in
    /// <paramref name="cronZone"/>, UTC as in Elsa when it is not given.
    /// </summary>
    public ActivityCatalogue(IEnumerable<Activity> extra, TimeZoneInfo? cronZone = null)
    {
        _byType = BuiltInTypes().Append(new Cron(cronZone ?? TimeZoneInfo.Utc)).Concat(extra).GroupBy(activity => activity.Descriptor.TypeName, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.OrdinalIgnoreCase);
        All = [.. _byType.Values.OrderBy(activity => activity.Descriptor.TypeName, StringComparer.Ordinal)];
    }

    /// <summary>Elsa's types only.</summary>
    public static ActivityCatalogue BuiltIn { get; } = new([]);

    /// <summary>Every type, by name.</summary>
    public IReadOnlyList<Activity> All { get; }

    /// <summary>The type of that name, or null.</summary>
    public Activity? Find(string type) => _byType.GetValueOrDefault(type);

    private static IEnumerable<Activity> BuiltInTypes() =>
    [
        new Flowchart(), new Sequence(), new Activities.Parallel(), new Start(), new End(), new Finish(), new Complete(), new SetOutput(), new Fault(), new Break(),
        new FlowDecision(), new FlowSwitch(), new FlowFork(), new FlowJoin(), new FlowNode(), new If(), new Switch(),
        new For(), new ForEach(), new While(), new ParallelForEach(), new SetVariable(), new SetName(), new Correlate(),
        new Event(), new PublishEvent(), new RunTask(), new Delay(), new WriteLine(), new RunJavaScript(),
        new Activities.Timer(), new StartAt(), new DispatchWorkflow(), new ExecuteWorkflow(), new BulkDispatchWorkflows(),
        new HttpEndpoint(), new WriteHttpResponse(), new WriteFileHttpResponse(), new SendHttpRequest(), new FlowSendHttpRequest(), new DownloadHttpFile(),
        new Fork(), new StateMachine(), new ReadLine(), new RunCSharp(), new RunPython(), new Inline(),
    ];
}
