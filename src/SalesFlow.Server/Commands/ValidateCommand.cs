using System.Collections.Immutable;
using System.CommandLine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Server.Commands;

/// <summary><c>validate FILE...</c>: says everything that is wrong with definitions. The files may use one another.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<string[]> FileNames = new("files") { Description = "Definitions, as Elsa Studio exports them", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Folder = new("--definitions") { Description = "Folder with more definitions that they use", HelpName = "DIR" };

    /// <summary>The command for the command line.</summary>
    public static Command Describe()
    {
        var command = new Command("validate", "Says everything that is wrong with the definitions; nothing is run.") { FileNames, Folder };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            var files = new DefinitionFiles();
            var texts = parsed.GetValue(FileNames)!.Select(name => (Name: name, Text: DefinitionFiles.Text(name))).ToList();
            texts.ForEach(file => files.Add(file.Text));
            if (parsed.GetValue(Folder) is { } folder)
                files.AddFolder(folder);
            return texts.Select(file => Check(files, file.Name, file.Text)).ToList().TrueForAll(fine => fine) ? ExitCodes.Finished : ExitCodes.BrokenDefinition;
        }
        catch (BadArgumentException bad)
        {
            Console.Error.WriteLine(bad.Message);
            return ExitCodes.BadArguments;
        }
    }

    private static bool Check(DefinitionFiles files, string name, string text)
    {
        var reading = files.Read(text);
        var problems = reading is Reading.Broken broken ? broken.Problems : Found(((Reading.Fine)reading).Definition, name);
        foreach (var problem in problems)
            Console.Error.WriteLine($"{name}: {(problem.IsError ? "error" : "warning")}: {problem}");
        var fine = problems.All(problem => !problem.IsError);
        Console.Out.WriteLine($"{name}: {(fine ? "fine" : "broken")}");
        return fine;
    }

    private static ImmutableArray<Problem> Found(WorkflowDefinition definition, string file)
    {
        var templates = DefinitionFiles.TemplatesBeside(file);
        var known = new KnownNames(Roles.All.ToImmutableHashSet(), null, templates is null ? null : [.. Directory.EnumerateFiles(templates, "*.scriban").Select(template => Path.GetFileNameWithoutExtension(template))]);
        return [.. definition.Warnings, .. SalesChecks.Find(definition, known).Select(finding => finding.ToProblem(null) with { Message = $"{finding.ActivityName}: {finding.Words.En}" })];
    }
}
