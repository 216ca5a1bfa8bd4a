using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Checks;

/// <summary>
/// Something that a designer should know of a definition that compiles: where, at which activity, and in words. <paramref name="Code"/> is a stable word for machines.
/// An error makes the definition unfit to be published, a warning does not.
/// </summary>
public sealed record Finding(string Code, bool IsError, string Path, string? ActivityId, string? ActivityName, Text Words)
{
    /// <summary>An error at an activity.</summary>
    public static Finding Error(string code, Node node, string at, Text words) => Of(code, true, node, at, words);

    /// <summary>A warning at an activity.</summary>
    public static Finding Warning(string code, Node node, string at, Text words) => Of(code, false, node, at, words);

    /// <summary>The finding as a problem of the document, in a language.</summary>
    public Problem ToProblem(string? culture) => new(Path, Words.In(culture), IsError);

    private static Finding Of(string code, bool isError, Node node, string at, Text words) =>
        new(code, isError, at.Length == 0 ? node.Path : node.Path.Length == 0 ? at : $"{node.Path}.{at}", node.Id, node.Title, words);
}
