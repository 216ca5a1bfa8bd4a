using System.CommandLine;

namespace SalesFlow.Server.Commands;

/// <summary><c>backup DIR</c>: a consistent copy of the database and the keys while the server may be running.</summary>
internal static class BackupCommand
{
    public static Command Describe(Func<ParseResult, ServerOptions> read)
    {
        var target = new Argument<DirectoryInfo>("dir") { Description = "Folder that gets the copy; it must be empty or new" };
        var command = new Command("backup", "Copies the SQLite database and the keys of the data folder while the server may be running.") { target };
        command.SetAction((parsed, cancel) => RunAsync(read(parsed), parsed.GetValue(target)!, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, DirectoryInfo target, CancellationToken cancel)
    {
        if (options.Database is not null)
            return Refuse("Back a PostgreSQL database up with pg_dump; this command copies SQLite.");
        if (target.Exists && target.EnumerateFileSystemInfos().Any())
            return Refuse($"'{target.FullName}' is not empty. Give a new folder.");
        if (!File.Exists(Company.SqliteFile(options)))
            return Refuse($"There is no database in '{Path.GetFullPath(options.DataFolder)}'. Name the data folder with --data.");
        target.Create();
        await Company.CopySqliteAsync(options, Path.Combine(target.FullName, Path.GetFileName(Company.SqliteFile(options))), cancel);
        CopyKeys(options.InData("keys"), Path.Combine(target.FullName, "keys"));
        Console.WriteLine(target.FullName);
        return ExitCodes.Finished;
    }

    private static void CopyKeys(string from, string to)
    {
        if (!Directory.Exists(from))
            return;
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return ExitCodes.BadArguments;
    }
}
