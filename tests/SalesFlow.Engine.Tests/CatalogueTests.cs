using System.Text;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>Every activity type that there is: it ends with its outcomes, faults when its inputs cannot be evaluated, and goes on after a wait. A new type without a play here fails.</summary>
public sealed class CatalogueTests
{
    private const string Starts = "\"customProperties\":{\"canStartWorkflow\":true}";
    private const string Wait = "\"waitForCompletion\":{\"typeName\":\"Boolean\",\"expression\":{\"type\":\"Literal\",\"value\":true}}";
    private static readonly string Condition = $"\"condition\":{Given.Script("true", "Boolean")}", Items = $"\"items\":{Given.Script("[1]")}", Body = $"\"body\":{Given.Line("body")}";
    private static readonly string Url = $"\"url\":{Given.Literal("https://crm.example/orders", "Uri")}", Other = $"\"workflowDefinitionId\":{Given.Literal("other")}";
    private static readonly HttpSendAnswer Answer = new HttpSendAnswer.Response(200, null, new Dictionary<string, object?>(), new Dictionary<string, object?>(), "text/plain", Encoding.UTF8.GetBytes("x"));
    private static readonly ChildAnswer Ended = new ChildAnswer.Finished(8, WorkflowSubStatus.Finished, new Dictionary<string, object?>());
    private static readonly HttpRequestReceived Request = new("request-1", "GET", "/hello", new Dictionary<string, object?>(), new Dictionary<string, object?>(), new Dictionary<string, object?>(), null, []);

    /// <summary>How one activity of the type comes to its end: the activity, the outcomes, and what it is resumed with when it waits.</summary>
    private static readonly Dictionary<string, (string Activity, string Outcomes, object? Answer)> Plays = new()
    {
        ["Elsa.Flowchart"] = (Given.FlowchartNamed("x", Given.Line("in")), "Done", null),
        ["Elsa.Sequence"] = (Given.Sequence("x", Given.Line("in")), "Done", null),
        ["Elsa.Parallel"] = (Of("Elsa.Parallel", $"\"activities\":[{Given.Line("one")},{Given.Line("two")}]"), "Done", null),
        ["Elsa.Fork"] = (Of("Elsa.Fork", $"\"joinMode\":\"WaitAll\",\"branches\":[{Given.Line("one")},{Given.Line("two")}]"), "Done", null),
        ["Elsa.StateMachine"] = (Of("Elsa.StateMachine", $$"""
            "states":[{"name":"New"},{"name":"Old"}],"transitions":[{"from":"New","to":"Old"}],"initialState":"New"
            """), "Done", null),
        ["Elsa.Start"] = (Of("Elsa.Start"), "Done", null),
        ["Elsa.End"] = (Of("Elsa.End"), "Done", null),
        ["Elsa.Finish"] = (Of("Elsa.Finish"), "Done", null),
        ["Elsa.Complete"] = (Of("Elsa.Complete", $"\"outcomes\":{Given.Literal("Good", "Object")}"), "Done", null),
        ["Elsa.SetOutput"] = (Of("Elsa.SetOutput", $"\"outputName\":{Given.Literal("Total")},\"outputValue\":{Given.Script("5")}"), "Done", null),
        ["Elsa.Break"] = (Of("Elsa.Break"), "Done", null),
        ["Elsa.FlowDecision"] = (Of("Elsa.FlowDecision", Condition), "True", null),
        ["Elsa.FlowSwitch"] = (Of("Elsa.FlowSwitch", """ "cases":[{"label":"a","condition":{"type":"JavaScript","value":"true"}}] """), "a", null),
        ["Elsa.FlowFork"] = (Of("Elsa.FlowFork", $"\"branches\":{Given.Script("['A', 'B']", "String[]")}"), "A B", null),
        ["Elsa.FlowJoin"] = (Of("Elsa.FlowJoin"), "Done", null),
        ["Elsa.FlowNode"] = (Of("Elsa.FlowNode", Body), "Done", null),
        ["Elsa.If"] = (Of("Elsa.If", $"{Condition},\"then\":{Given.Line("then")}"), "Done", null),
        ["Elsa.Switch"] = (Of("Elsa.Switch", $"\"cases\":[],\"default\":{Given.Line("default")}"), "Done", null),
        ["Elsa.For"] = (Of("Elsa.For", $"\"end\":{Given.Script("1", "Int32")},\"step\":{Given.Script("1", "Int32")},{Body}"), "Done", null),
        ["Elsa.ForEach"] = (Of("Elsa.ForEach", $"{Items},{Body}"), "Done", null),
        ["Elsa.ParallelForEach"] = (Of("Elsa.ParallelForEach", $"{Items},{Body}"), "Done", null),
        ["Elsa.While"] = (Of("Elsa.While", $"\"condition\":{Given.Script("getVariable('n') < 1", "Boolean")},\"body\":{Given.Set("set", "n", "1")}"), "Done", null),
        ["Elsa.SetVariable"] = (Given.Set("x", "n", "5"), "Done", null),
        ["Elsa.SetName"] = (Of("Elsa.SetName", $"\"value\":{Given.Literal("a name")}"), "Done", null),
        ["Elsa.Correlate"] = (Of("Elsa.Correlate", $"\"correlationId\":{Given.Literal("order-1")}"), "Done", null),
        ["Elsa.Event"] = (Given.Event("x", "signed"), "Done", "payload"),
        ["Elsa.PublishEvent"] = (Of("Elsa.PublishEvent", $"\"eventName\":{Given.Literal("signed")}"), "Done", null),
        ["Elsa.RunTask"] = (Of("Elsa.RunTask", $"\"taskName\":{Given.Literal("print")}"), "Done", "result"),
        ["Elsa.Delay"] = (Of("Elsa.Delay", $"\"timeSpan\":{Given.Literal("00:05:00", "TimeSpan")}"), "Done", ""),
        ["Elsa.Timer"] = (Of("Elsa.Timer", $"\"interval\":{Given.Literal("00:05:00", "TimeSpan")}"), "Done", ""),
        ["Elsa.Cron"] = (Of("Elsa.Cron", $"\"cronExpression\":{Given.Literal("0 0 12 * * *")}"), "Done", ""),
        ["Elsa.StartAt"] = (Of("Elsa.StartAt", $"\"dateTime\":{Given.Literal("2027-01-31T09:00:00Z", "DateTimeOffset")}"), "Done", ""),
        ["Elsa.WriteLine"] = (Given.Line("x"), "Done", null),
        ["Elsa.RunJavaScript"] = (Of("Elsa.RunJavaScript", $"\"script\":{Given.Literal("setOutcomes(['A', 'B'])")}"), "A B", null),
        ["Elsa.DispatchWorkflow"] = (Of("Elsa.DispatchWorkflow", $"{Other},{Wait}"), "Done", Ended),
        ["Elsa.ExecuteWorkflow"] = (Of("Elsa.ExecuteWorkflow", $"{Other},{Wait}"), "Done", Ended),
        ["Elsa.BulkDispatchWorkflows"] = (Of("Elsa.BulkDispatchWorkflows", $"{Other},{Items},{Wait}"), "Completed Done", Ended),
        ["Elsa.HttpEndpoint"] = (Of("Elsa.HttpEndpoint", $"\"path\":{Given.Literal("hello")}"), "Done", Request),
        ["Elsa.SendHttpRequest"] = (Of("Elsa.SendHttpRequest", Url), "Done", Answer),
        ["Elsa.FlowSendHttpRequest"] = (Of("Elsa.FlowSendHttpRequest", Url), "200 Done", Answer),
        ["Elsa.DownloadHttpFile"] = (Of("Elsa.DownloadHttpFile", Url), "200 Done", Answer),
        ["Elsa.WriteHttpResponse"] = (Responding(Of("Elsa.WriteHttpResponse", "\"content\":\"text\"")), "Done", true),
        ["Elsa.WriteFileHttpResponse"] = (Responding(Of("Elsa.WriteFileHttpResponse", "\"content\":\"text\"")), "Done", true),
        ["Elsa.Inline"] = (Of("Elsa.Inline"), "Done", null),
    };

    /// <summary>Types that never end well, and why.</summary>
    private static readonly Dictionary<string, string> NeverEnd = new()
    {
        ["Elsa.Fault"] = "it is there to fault", ["Elsa.ReadLine"] = "a server has no console", ["Elsa.RunCSharp"] = "host code is not switched on", ["Elsa.RunPython"] = "host code is not switched on",
    };

    /// <summary>Types of which no input is evaluated before they run: what they hold faults by itself, or they look at it later, which has tests of its own.</summary>
    private static readonly HashSet<string> NothingToEvaluate =
    [
        "Elsa.Flowchart", "Elsa.Sequence", "Elsa.Parallel", "Elsa.Fork", "Elsa.StateMachine", "Elsa.Start", "Elsa.End", "Elsa.Finish", "Elsa.Break", "Elsa.FlowNode", "Elsa.Inline", "Elsa.While", "Elsa.ForEach", "Elsa.ReadLine", "Elsa.RunCSharp", "Elsa.RunPython",
    ];

    public static TheoryData<string> Types => [.. ActivityCatalogue.BuiltIn.All.Select(activity => activity.Descriptor.TypeName)];

    [Theory, MemberData(nameof(Types))]
    public void It_comes_to_its_end_with_its_outcomes_and_after_a_wait_goes_on(string type)
    {
        if (NeverEnd.ContainsKey(type))
        {
            Assert.Contains(Played(Of(type), null), line => line.ActivityType == type && line.Event == "Faulted");
            return;
        }
        Assert.True(Plays.TryGetValue(type, out var play), $"'{type}' has no play in {nameof(CatalogueTests)}: say how an activity of it comes to its end, and with what it is resumed if it waits.");

        var lines = Played(play.Activity, play.Answer).Where(line => line.ActivityType == type && line.ActivityId == "x").ToList();

        Assert.Equal(play.Outcomes, string.Join(' ', Assert.Single(lines, line => line.Event == "Completed").Outcomes ?? ["Done"]));
        // Whatever waits must have been resumed here.
        Assert.Equal(play.Answer is not null, lines.Exists(line => line.Event == "Suspended"));
        Assert.Equal(play.Answer is not null, lines.Exists(line => line.Event == "Resumed"));
    }

    [Theory, MemberData(nameof(Types))]
    public void It_faults_when_an_input_cannot_be_evaluated(string type)
    {
        var inputs = ActivityCatalogue.BuiltIn.Find(type)!.Descriptor.Inputs.Where(input => input is { IsWrapped: true, AutoEvaluate: true }).ToList();

        Assert.Equal(NothingToEvaluate.Contains(type), inputs.Count == 0);
        foreach (var input in inputs)
        {
            var activity = Of(type, $"\"{char.ToLowerInvariant(input.Name[0])}{input.Name[1..]}\":{Given.Script("nowhere.atAll")}");
            var fault = Assert.Single(Played(Responding(activity), null), line => line.ActivityType == type && line.ActivityId == "x" && line.Event == "Faulted");
            Assert.Contains($"'{input.Name}'", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_play_is_left_of_a_type_that_is_gone() =>
        Assert.Empty(Plays.Keys.Concat(NeverEnd.Keys).Concat(NothingToEvaluate).Except(ActivityCatalogue.BuiltIn.All.Select(activity => activity.Descriptor.TypeName)));

    private static string Of(string type, string more = "") => Given.Activity("x", type, more);

    private static string Responding(string activity) => Given.Sequence("steps", Given.Activity("http", "Elsa.HttpEndpoint", $"\"path\":{Given.Literal("hello")},{Starts}"), activity);

    private static List<JournalEntry> Played(string root, object? answer)
    {
        var instance = Given.Instance(root, $"[{Given.Variable("n")}]");
        instance.Start(new() { [HttpEndpointRules.RequestInput] = Request }, trigger: root.Contains("\"http\"", StringComparison.Ordinal) ? "http" : null);
        if (answer is not null)
            instance.Resume(Assert.Single(instance.State.Bookmarks), answer);
        return instance.Journal;
    }
}
