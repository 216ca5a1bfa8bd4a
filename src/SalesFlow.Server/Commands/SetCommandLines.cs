using System.CommandLine;
using System.Globalization;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Sets;

namespace SalesFlow.Server.Commands;

/// <summary><c>export FILE</c> and <c>import FILE</c> carry pipelines with everything they need between installations; <c>seeds</c> looks after the shipped ones. The server may be running.</summary>
internal static class SetCommandLines
{
    private static readonly Actor Operator = new(default, "SalesFlow", [Roles.Administrator], "en");

    public static Command DescribeExport(Func<ParseResult, ServerOptions> read)
    {
        var file = new Argument<string>("file") { Description = "The ZIP to write" };
        var pipelines = new Option<string[]>("--pipeline") { Description = "Key of a pipeline; may be repeated (default: all)", HelpName = "KEY" };
        var command = new Command("export", "Writes pipelines with their sub-processes, templates and calendar into one ZIP.") { file, pipelines };
        command.SetAction((parsed, cancel) => WithCompanyAsync(read(parsed), services => ExportAsync(services, parsed.GetValue(file)!, parsed.GetValue(pipelines) ?? [], cancel), cancel));
        return command;
    }

    public static Command DescribeImport(Func<ParseResult, ServerOptions> read)
    {
        var file = new Argument<string>("file") { Description = "The ZIP that an export has written" };
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would be added, changed and left" };
        var command = new Command("import", "Takes a ZIP of an export in: all of it or nothing, and nothing twice.") { file, dry };
        command.SetAction((parsed, cancel) => WithCompanyAsync(read(parsed), services => ImportAsync(services, parsed.GetValue(file)!, parsed.GetValue(dry), cancel), cancel));
        return command;
    }

    private static async Task<int> ExportAsync(IServiceProvider services, string file, string[] pipelines, CancellationToken cancel)
    {
        var set = await services.GetRequiredService<SetQueries>().GatherAsync(pipelines, Operator, cancel);
        await File.WriteAllBytesAsync(file, SetArchive.Pack(set), cancel);
        Console.WriteLine($"{file}: {set.Definitions.Count} definitions, {set.Templates.Count} templates, {set.Calendars.Count} calendars");
        return ExitCodes.Finished;
    }

    public static Command DescribeSeeds(Func<ParseResult, ServerOptions> read)
    {
        var take = new Option<string[]>("--take") { Description = "A shipped file to take in; may be repeated", HelpName = "FILE" };
        var all = new Option<bool>("--take-all") { Description = "Take in everything that is newer and was not edited here" };
        var over = new Option<bool>("--over-edits") { Description = "What was edited here may be replaced as well" };
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would be added, changed and left" };
        var command = new Command("seeds", "Says which shipped files are newer than what the database holds and what they would change; takes them in when told to.") { take, all, over, dry };
        command.SetAction((parsed, cancel) => WithCompanyAsync(read(parsed), services =>
            SeedsAsync(services.GetRequiredService<SeedCommands>(), parsed.GetValue(take) ?? [], parsed.GetValue(all), parsed.GetValue(over), parsed.GetValue(dry), cancel), cancel));
        return command;
    }

    private static async Task<int> SeedsAsync(SeedCommands seeds, string[] take, bool all, bool overEdits, bool dryRun, CancellationToken cancel)
    {
        var shipped = await seeds.ListAsync(Operator, cancel);
        string[] chosen = all ? [.. take, .. shipped.Where(seed => seed.CanTake || overEdits && seed.State == SeedState.UpdateOverEdits).Select(seed => seed.File)] : take;
        if (chosen.Length > 0)
            return Tell(await seeds.TakeAsync([.. chosen.Distinct()], overEdits, dryRun, Operator, cancel));
        foreach (var seed in shipped)
        {
            Console.WriteLine($"{Words(seed.State)}: {seed.File}");
            foreach (var change in seed.Changes)
                Console.WriteLine($"    {change}");
            foreach (var problem in seed.Problems)
                Console.Error.WriteLine($"    cannot be taken: {problem}");
        }
        return ExitCodes.Finished;
    }

    private static string Words(SeedState state) => state switch
    {
        SeedState.Update => "newer",
        SeedState.UpdateOverEdits => "newer, but edited here",
        SeedState.Edited => "edited here",
        SeedState.Absent => "not in the database",
        _ => "up to date",
    };

    private static async Task<int> ImportAsync(IServiceProvider services, string file, bool dryRun, CancellationToken cancel)
    {
        await using var zip = File.OpenRead(file);
        return Tell(await services.GetRequiredService<SetCommands>().ImportAsync(zip, dryRun, Operator, cancel));
    }

    private static int Tell(SetOutcome outcome)
    {
        foreach (var item in outcome.Items)
        {
            Console.WriteLine($"{(outcome.DryRun ? "would be " : "")}{item.Action.ToString().ToLowerInvariant()}: {item.File}");
            foreach (var change in item.Changes)
                Console.WriteLine($"    {change}");
        }
        foreach (var consumer in outcome.Consumers)
            Console.WriteLine($"{(outcome.DryRun ? "would follow" : "follows")}: {consumer}");
        foreach (var warning in outcome.Warnings)
            Console.Error.WriteLine($"warning: {warning}");
        return ExitCodes.Finished;
    }

    /// <summary>The company's database and rules without a server; nothing of the process runs meanwhile.</summary>
    private static async Task<int> WithCompanyAsync(ServerOptions options, Func<IServiceProvider, Task<int>> act, CancellationToken cancel)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        if (options.Database is null && !File.Exists(Company.SqliteFile(options)))
            return Refuse($"There is no database in '{Path.GetFullPath(options.DataFolder)}'. Name the data folder with --data, or start the server once.");
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddCompany(options).BuildServiceProvider();
        try
        {
            await Company.OpenAsync(services, cancel);
            return await act(services);
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException or RefusedException or IOException or UnauthorizedAccessException)
        {
            return Refuse(refused is ValidationException invalid ? string.Join('\n', invalid.Errors.SelectMany(error => error.Value.Select(sentence => $"{error.Key}: {sentence}"))) : refused.Message);
        }
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return ExitCodes.BadArguments;
    }
}
