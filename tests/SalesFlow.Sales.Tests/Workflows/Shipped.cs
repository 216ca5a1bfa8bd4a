using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Rehearsals;

namespace SalesFlow.Sales.Tests.Workflows;

/// <summary>The definitions, templates and calendar of the repository.</summary>
internal static class Shipped
{
    private static readonly Lazy<List<(DefinitionHead Head, string Text)>> Documents =
        new(() => [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText).Select(text => (DefinitionHead.Of(text)!, text))]);

    /// <summary>Folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Folder of the definitions.</summary>
    public static string Folder => Path.Combine(Repository, "workflows");

    /// <summary>Names of the definitions' files, without the ending.</summary>
    public static IEnumerable<string> Names => Documents.Value.Select(document => document.Head.DefinitionId);

    public static WorkingCalendar Calendar { get; } = WorkingCalendar.Read(File.ReadAllText(Path.Combine(Folder, "calendars", "ru.json")));

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.json"));

    public static Reading Read(string text) => DefinitionReader.Read(text, new ActivityCatalogue(SalesActivities.All), reference =>
        DefinitionHead.Choose([.. Documents.Value.Select(document => document.Head)], reference) is { } head ? Documents.Value.Find(document => document.Head == head).Text : null);

    public static WorkflowDefinition Definition(string name) => Assert.IsType<Reading.Fine>(Read(Text(name))).Definition;

    public static string? Template(string key, string language) =>
        Path.Combine(Folder, "templates", $"{key}.{language}.scriban") is var file && File.Exists(file) ? File.ReadAllText(file) : null;

    public static Rehearsal Rehearsal(DateTimeOffset begins) => new(new RehearsalSetting(Calendar, begins, Template));

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SalesFlow.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        return folder.FullName;
    }
}
