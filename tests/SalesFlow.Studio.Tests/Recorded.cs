using System.Net;

namespace SalesFlow.Studio.Tests;

/// <summary>Some recorded calls in their order, and where our answers may differ. An instance that runs on by itself is waited for at the end when one <paramref name="Finishes"/>.</summary>
public sealed record Stretch(string[] Calls, HttpStatusCode? Instead = null, bool Finishes = false)
{
    /// <summary>Parts of paths that are not compared.</summary>
    public string[] Except { get; init; } = [];
}

/// <summary>A part of the recording that stands by itself: what is saved first, then what is asked.</summary>
public sealed record Scenario(string Name, string[] Saves, params Stretch[] Stretches)
{
    public override string ToString() => Name;
}

/// <summary>Which of the recorded answers are compared where, and which are not, with the reason.</summary>
internal static class Recorded
{
    /// <summary>Definitions, descriptors and what is said of the whole server: on a server of their own, in the recorded order.</summary>
    public static readonly string[] Definitions =
    [
        "001", "002", "003", "004", "005", "007", "008", "009", "010", "011", "012", "013", "014", "015", "016", "017", "018", "019", "020", "021", "022", "023", "024", "025", "026", "027", "028", "033", "034", "035",
        "036", "037", "038", "039", "042", "043", "044", "045", "047", "071", "072", "073", "074", "075", "076", "077", "078", "079", "080", "081", "082", "083", "084", "085", "086", "087",
        "088", "089", "090", "091", "092", "093", "094", "095", "096", "097", "098", "099", "100", "101", "102", "103", "109", "123", "124", "125", "128", "129", "130", "131", "132", "133", "134",
        "158", "159", "160", "161", "162", "163", "168", "169", "170", "171", "172", "173", "174", "175", "176", "177", "179", "180", "181", "183", "185", "186", "187", "188", "189", "190", "191", "192",
        "215", "216", "217",
    ];

    /// <summary>Instances, each scenario by itself on a server that they share.</summary>
    public static readonly Scenario[] Instances =
    [
        new("A definition is run and answers with its instance", ["036", "038", "045"], new Stretch(["040", "041", "164", "165", "166", "167"])),
        new("A task is waited for and done", ["045", "047"],
            new(["046", "048", "049", "050", "051", "052", "053", "054", "055", "056", "057", "058", "059", "060", "061", "062", "063", "064", "065", "066"]),
            // Setting a variable is a line of our journal; and Finish leaves no container running, as it does in Elsa.
            new(["067", "068"]) { Except = [".sequence", ".executionLogSequence", ".activityExecutionContexts[0]", ".activityExecutionContexts[1].status"] },
            // Elsa says 200 of tasks that there are not.
            new(["069", "070"], HttpStatusCode.NotFound),
            new(["157"]) { Except = [".sequence", ".executionLogSequence", ".$values[0]", ".$values[1].status", ".ActivityExecutionRecords[0].status", ".ActivityExecutionRecords[1].status", "._type", ".properties.FlowScope"] }),
        new("One activity is tested by itself", ["045"], new Stretch(["193"])),
        // After the event there is a delay of a second.
        new("Branches, loops and an event", ["103"], new(["104", "105"]), new(["106"], Finishes: true), new(["107", "108"])),
        new("Faults and incidents", ["114", "119", "121"], new Stretch(["115", "116", "117", "118", "120", "122"])),
        new("Faults of unknown activities and of texts that are no numbers", ["177", "183"],
            // The unknown activity itself is named, and the fault has no third exception inside.
            new Stretch(["178", "184"]) { Except = [".activityType", ".innerException.innerException"] }),
        new("A workflow used as an activity", ["123", "125"], new Stretch(["126", "127"])),
        new("Sequences, joins, loops and outcomes", ["194", "198", "201", "204", "212"],
            new(["195", "196", "199", "200", "205", "206", "207", "213"]),
            // What Elsa's activities keep for themselves is not kept here once they are over; naked inputs are shown as they were written; the second round of a For is led to by the first.
            new(["197", "214"]) { Except = [".CurrentIndex", ".CurrentStep", ".ScheduledActivityIds", ".ScheduledTagsProperty", ".CompletedTagsProperty", ".FlowScope", ".activity.nodeId", ".schedulingActivityId", ".callStackDepth"] },
            // A WaitAny join runs once, and nothing that it cancels has begun.
            new(["202", "203"]) { Except = [".executionLogSequence", ".sequence", "]"] }),
    ];

    /// <summary>Lists are counted, so this is on a server of its own.</summary>
    public static readonly Scenario Lists = new("Lists, filters, cancelling and deleting", ["045", "047", "114", "121", "123", "125", "088", "093", "115", "122", "126"],
        new(["218"]), new(["135", "136", "137", "138", "139", "140", "141", "142"]),
        new(["143"]) { Except = [".definitionId", ".status", ".subStatus", ".incidentCount", ".finishedAt", "]"] },
        new(["144"]), new(["145"]),
        // A cancelled instance keeps no executions but the root, and that one is cancelled too.
        new(["146"]) { Except = [".activityExecutionContexts[0].status", "]"] },
        new(["147", "149", "150", "151", "152"]),
        // Elsa says 200 of instances that there are not.
        new(["148", "155"], HttpStatusCode.NotFound), new(["153", "154", "156"]));

    /// <summary>Answers that nothing here is compared with.</summary>
    public static readonly IReadOnlyDictionary<string, string> NotCompared = new Dictionary<string, string>
    {
        ["029"] = "people sign in to the product, scripts bring an API key; Studio's elements never ask this", ["030"] = "as 029",
        ["031"] = "people and roles are the product's: /api/users", ["032"] = "as 031",
        ["110"] = "answered by a definition, not by the API", ["111"] = "as 110", ["112"] = "as 110", ["113"] = "as 110",
        ["182"] = "a definition with an unknown language is not saved here, so it cannot run",
    };
}
