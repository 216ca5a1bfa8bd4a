using System.Text.RegularExpressions;

namespace SalesFlow.Solution.Tests;

/// <summary>The files of the repository, without what a build leaves behind.</summary>
internal static partial class Repository
{
    private static readonly string[] Leftovers = [".git", "bin", "obj", "data", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file below a folder with one of the endings, as paths from the top with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Below(Path.Combine(Root, folder)).Where(file => endings.Length == 0 || endings.Any(file.EndsWith))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool IsGenerated(string file) => file.Contains("/Migrations/", StringComparison.Ordinal);

    /// <summary>C# without comments and the insides of strings, so that words in texts do not count as code.</summary>
    public static string Code(string source) => NotCode().Replace(source, "\"\"");

    private static IEnumerable<string> Below(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => !Leftovers.Contains(Path.GetFileName(inner))).SelectMany(Below));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SalesFlow.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds SalesFlow.sln.");
        return folder;
    }

    [GeneratedRegex(""""(?:(?s)/\*.*?\*/|//[^\n]*|"{3}.*?"{3}|@"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*")"""")]
    private static partial Regex NotCode();
}
