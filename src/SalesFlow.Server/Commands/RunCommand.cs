using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Rehearsals;
using Json = SalesFlow.Engine.Expressions.Json;

namespace SalesFlow.Server.Commands;

/// <summary><c>run FILE</c>: plays one definition in memory, without a server and without a database.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> FileName = new("file") { Description = "The definition, as Elsa Studio exports it" };
    private static readonly Option<string?> Input = new("--input") { Description = "Inputs of the workflow, or the values of the sample deal, as a JSON object", HelpName = "JSON" };
    private static readonly Option<string?> Folder = new("--definitions") { Description = "Folder with the definitions that it uses", HelpName = "DIR" };
    private static readonly Option<string[]> Events = new("--event") { Description = "An event that happens, with its payload", HelpName = "NAME[=JSON]" };
    private static readonly Option<string[]> Tasks = new("--task") { Description = "Completes the oldest open task that has the outcome; JSON fills in its form", HelpName = "OUTCOME[=JSON]" };
    private static readonly Option<string[]> Advances = new("--advance") { Description = "Moves the clock on: 1h, 30m, 2d, 00:30:00", HelpName = "DURATION" };

    /// <summary>The command for the command line.</summary>
    public static Command Describe()
    {
        var command = new Command("run", "Plays one definition in memory. Events, tasks and advances happen in the order given, each once the instance waits.")
        { FileName, Input, Events, Tasks, Advances, Folder };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            var steps = Steps(parsed).ToList();
            var input = Members(parsed.GetValue(Input));
            var file = parsed.GetValue(FileName)!;
            var (files, text) = (new DefinitionFiles(), DefinitionFiles.Text(file));
            files.Add(text);
            if (parsed.GetValue(Folder) is { } folder)
                files.AddFolder(folder);
            switch (files.Read(text))
            {
                case Reading.Fine fine:
                    return Play(new Rehearsal(Setting(file) with { Published = files.Published(Console.Error.WriteLine) }), fine.Definition, input, steps);
                case Reading.Broken broken:
                    foreach (var problem in broken.Problems)
                        Console.Error.WriteLine($"{file}: {problem}");
                    return ExitCodes.BrokenDefinition;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
        catch (BadArgumentException bad)
        {
            Console.Error.WriteLine(bad.Message);
            return ExitCodes.BadArguments;
        }
    }

    private static int Play(Rehearsal rehearsal, WorkflowDefinition definition, IReadOnlyDictionary<string, object?>? input, List<Action<Rehearsal>> steps)
    {
        foreach (var warning in definition.Warnings)
            Console.Error.WriteLine(warning);
        var interrupted = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = interrupted = true);
        rehearsal.Noted += Console.Error.WriteLine;
        rehearsal.Played += (_, turn) =>
        {
            foreach (var line in turn.Lines)
                Console.Out.WriteLine(line);
            if (interrupted)
                throw new OperationCanceledException();
        };
        int? exit = null;
        try
        {
            rehearsal.Start(definition, input);
            steps.ForEach(step => step(rehearsal));
        }
        catch (OperationCanceledException)
        {
            interrupted = false;
            rehearsal.Cancel();
        }
        catch (ValidationException wrong)
        {
            exit = Refuse(wrong.Message, ExitCodes.BadArguments);
        }
        catch (EndlessRehearsalException endless)
        {
            exit = Refuse(endless.Message, ExitCodes.Faulted);
        }
        foreach (var name in rehearsal.KeptEvents)
            Console.Error.WriteLine($"Nobody waited for the event '{name}'.");
        if (rehearsal.Instances.Count == 0)
            return exit ?? ExitCodes.BadArguments;
        var state = rehearsal.Instances[0].State;
        Console.Out.WriteLine(Json.Text(Summary(state)));
        return exit ?? Code(state);
    }

    private static int Refuse(string message, int exit)
    {
        Console.Error.WriteLine(message);
        return exit;
    }

    private static int Code(InstanceState state) => state.SubStatus switch
    {
        WorkflowSubStatus.Finished => ExitCodes.Finished,
        WorkflowSubStatus.Faulted => ExitCodes.Faulted,
        WorkflowSubStatus.Cancelled => ExitCodes.Cancelled,
        _ => ExitCodes.Waiting,
    };

    private static Dictionary<string, object?> Summary(InstanceState state) => new Dictionary<string, object?>
    {
        ["status"] = state.Status.ToString(),
        ["subStatus"] = state.SubStatus.ToString(),
        ["outputs"] = state.Output,
        ["variables"] = state.Variables,
        ["incidents"] = state.Incidents.Select(incident => new { activityId = incident.ActivityId, message = incident.Message }),
        ["bookmarks"] = state.Bookmarks.Select(bookmark => new { name = bookmark.Name, activityId = bookmark.ActivityId }),
    };

    /// <summary>Templates and the calendar lie beside the definition; without a calendar there the shipped one counts.</summary>
    private static RehearsalSetting Setting(string file)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "calendars", "ru.json");
        var calendar = Calendar(File.Exists(beside) ? beside : Path.Combine(ServerOptions.ShippedWorkflows, "calendars", "ru.json"));
        return new(calendar, TimeProvider.System.GetUtcNow(), DefinitionFiles.TemplatesBeside(file) is { } templates ? (key, language) => Template(templates, $"{key}.{language}.scriban") : null);
    }

    private static WorkingCalendar Calendar(string file)
    {
        try
        {
            return WorkingCalendar.Read(DefinitionFiles.Text(file));
        }
        catch (Exception broken) when (broken is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or TimeZoneNotFoundException)
        {
            throw new BadArgumentException($"The calendar '{file}' is broken: {broken.Message}");
        }
    }

    private static string? Template(string folder, string name) =>
        Path.GetFileName(name) == name && File.Exists(Path.Combine(folder, name)) ? DefinitionFiles.Text(Path.Combine(folder, name)) : null;

    /// <summary>What is to happen, in the order of the command line; the options are told apart by the token before each value.</summary>
    private static IEnumerable<Action<Rehearsal>> Steps(ParseResult parsed)
    {
        var option = "";
        foreach (var token in parsed.Tokens)
            if (token.Type == TokenType.Option)
                option = token.Value;
            else if (token.Type == TokenType.Argument)
            {
                if (Step(option, token.Value) is { } step)
                    yield return step;
                option = "";
            }
    }

    private static Action<Rehearsal>? Step(string option, string text)
    {
        if (option == Advances.Name)
        {
            var by = Durations.Read(text) ?? throw new BadArgumentException($"--advance '{text}' is no duration. Expected 1h, 30m, 2d, 1h30m or 00:30:00.");
            return rehearsal => rehearsal.Advance(by);
        }
        if (option != Events.Name && option != Tasks.Name)
            return null;
        var split = text.IndexOf('=', StringComparison.Ordinal);
        var name = split < 0 ? text : text[..split];
        if (name.Length == 0)
            throw new BadArgumentException($"{option} '{text}' names nothing. Expected {(option == Events.Name ? "NAME or NAME=JSON" : "OUTCOME or OUTCOME=JSON")}.");
        var value = split < 0 ? null : Value(option, text[(split + 1)..]);
        return option == Events.Name ? rehearsal => rehearsal.Publish(name, value) : rehearsal => rehearsal.CompleteTask(name, value);
    }

    private static IReadOnlyDictionary<string, object?>? Members(string? text) => text is null ? null
        : Value(Input.Name, text) as IReadOnlyDictionary<string, object?> ?? throw new BadArgumentException($"--input '{text}' is no JSON object. Expected names and values such as {{\"amount\": 100}}.");

    private static object? Value(string option, string text)
    {
        try
        {
            return Json.Parse(text);
        }
        catch (JsonException broken)
        {
            throw new BadArgumentException($"{option}: '{text}' is not JSON: {broken.Message}");
        }
    }
}
