using System.CommandLine;
using SalesFlow.Server.Commands;

namespace SalesFlow.Server;

/// <summary>The program's options and sub-commands; without a sub-command it serves.</summary>
public static class CommandLine
{
    private static readonly Option<string> Urls = new("--urls")
    { Description = "Where the server listens", DefaultValueFactory = _ => new ServerOptions().Urls };
    private static readonly Option<string> Data = new("--data")
    { Description = "Folder for the database, documents, keys and logs", DefaultValueFactory = _ => new ServerOptions().DataFolder, Recursive = true };
    private static readonly Option<bool> Demo = new("--demo")
    { Description = "Fill an empty database with a demo company, its people and deals" };
    private static readonly Option<string?> Database = new("--database")
    { Description = "PostgreSQL connection string (default: SQLite in the data folder)", Recursive = true };
    private static readonly Option<string> Workflows = new("--workflows")
    { Description = "Folder with the seed definitions (default: the shipped ones)", DefaultValueFactory = _ => ServerOptions.ShippedWorkflows, Recursive = true };

    /// <summary>Parses the arguments and does what they say; the result is the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("SalesFlow runs a company's sales process as a workflow.") { Urls, Data, Demo, Database, Workflows };
        root.SetAction((parsed, cancel) => Serve.RunAsync(Read(parsed), cancel));
        root.Subcommands.Add(BackupCommand.Describe(Read));
        root.Subcommands.Add(SetCommandLines.DescribeExport(Read));
        root.Subcommands.Add(SetCommandLines.DescribeImport(Read));
        root.Subcommands.Add(SetCommandLines.DescribeSeeds(Read));
        root.Subcommands.Add(RunCommand.Describe());
        root.Subcommands.Add(ValidateCommand.Describe());
        var parsed = root.Parse(args);
        return parsed.Errors.Count > 0 ? Task.FromResult(Refuse(parsed)) : parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static ServerOptions Read(ParseResult parsed) => new()
    {
        Urls = parsed.GetValue(Urls) ?? new ServerOptions().Urls,
        DataFolder = parsed.GetValue(Data)!,
        Demo = parsed.GetValue(Demo),
        Database = parsed.GetValue(Database),
        WorkflowsFolder = parsed.GetValue(Workflows) ?? ServerOptions.ShippedWorkflows,
        AdminPassword = Environment.GetEnvironmentVariable("SALESFLOW_ADMIN_PASSWORD"),
        ApiKey = Environment.GetEnvironmentVariable("SALESFLOW_API_KEY"),
    };

    private static int Refuse(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine(error.Message);
        return ExitCodes.BadArguments;
    }
}
