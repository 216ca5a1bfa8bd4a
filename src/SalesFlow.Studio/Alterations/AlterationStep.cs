using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using SalesFlow.Studio.Instances;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Alterations;

/// <summary>One of Elsa's alterations, as read from the request.</summary>
internal abstract record AlterationStep
{
    private AlterationStep() { }

    /// <summary>Done inside a turn of the instance.</summary>
    public sealed record Inside(Alteration Alteration) : AlterationStep;

    /// <summary>Ends the instance.</summary>
    public sealed record Cancel : AlterationStep;

    /// <summary>Goes on under another version of its definition.</summary>
    public sealed record Migrate(int TargetVersion) : AlterationStep;

    /// <summary>Reads a list of alterations; what is wrong with one is said with its place.</summary>
    public static IReadOnlyList<AlterationStep> Read(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new ElsaProblemException("alterations", "A list of alterations was expected.");
        return [.. list.EnumerateArray().Select((json, index) => Read(json, $"alterations[{index}]"))];
    }

    private static AlterationStep Read(JsonElement json, string at) => (json.ValueKind == JsonValueKind.Object ? Text(json, "type") : null) switch
    {
        "ModifyVariable" => new Inside(new Alteration.SetVariable(Text(json, "variableId") ?? throw new ElsaProblemException(at, "ModifyVariable needs a 'variableId'."), json.TryGetProperty("value", out var value) ? Json.Plain(value) : null)),
        "ScheduleActivity" => new Inside(new Alteration.Schedule(AimOf(json, at))),
        "CancelActivity" => new Inside(new Alteration.CancelActivity(AimOf(json, at))),
        "Cancel" => new Cancel(),
        "Migrate" => new Migrate(json.TryGetProperty("targetVersion", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) ? number : throw new ElsaProblemException(at, "Migrate needs a 'targetVersion', a number.")),
        { } unknown => throw new ElsaProblemException(at, $"There is no alteration '{unknown}'. Known are: ModifyVariable, ScheduleActivity, CancelActivity, Cancel, Migrate."),
        null => throw new ElsaProblemException(at, "An object with a 'type' was expected."),
    };

    private static Aim AimOf(JsonElement json, string at)
    {
        if (Text(json, "activityInstanceId") is { } execution)
            return ElsaIds.Part(execution) is { } part ? new Aim(null, part.Number) : throw new ElsaProblemException(at, $"'{execution}' is no execution of an activity.");
        return new Aim(Text(json, "activityId") ?? throw new ElsaProblemException(at, "An 'activityId' or an 'activityInstanceId' is needed."));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } found ? found : null;
}
