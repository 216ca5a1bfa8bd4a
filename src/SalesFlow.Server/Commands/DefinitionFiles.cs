using System.Text;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;

namespace SalesFlow.Server.Commands;

/// <summary>An argument of a command that cannot be followed; the message says what was expected.</summary>
internal sealed class BadArgumentException(string message) : Exception(message);

/// <summary>Definitions read from files, which may use one another.</summary>
internal sealed class DefinitionFiles
{
    private static readonly ActivityCatalogue Catalogue = new(SalesActivities.All);
    private readonly List<(DefinitionHead Head, string Text)> _documents = [];

    /// <summary>Makes a document available to those that use it.</summary>
    public void Add(string text)
    {
        if (DefinitionHead.Of(text) is { } head && !_documents.Exists(known => known.Head.VersionId == head.VersionId))
            _documents.Add((head, text));
    }

    /// <summary>Makes every definition of a folder available.</summary>
    public void AddFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new BadArgumentException($"There is no folder '{folder}'. Give --definitions a folder with definitions (*.json).");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            Add(Text(file));
    }

    /// <summary>Compiles a document together with those that it uses.</summary>
    public Reading Read(string text) => DefinitionReader.Read(text, Catalogue, reference =>
        DefinitionHead.Choose([.. _documents.Select(known => known.Head)], reference) is { } head ? _documents.Find(known => ReferenceEquals(known.Head, head)).Text : null);

    /// <summary>Every definition that compiles, in the version that stands for it; those that do not are told of and left out.</summary>
    public IReadOnlyList<Engine.Definitions.WorkflowDefinition> Published(Action<string> tell)
    {
        var found = new List<Engine.Definitions.WorkflowDefinition>();
        foreach (var document in _documents.GroupBy(known => known.Head.DefinitionId).Select(versions => versions.MaxBy(known => known.Head.Version)))
            if (Read(document.Text) is Reading.Fine fine)
                found.Add(fine.Definition);
            else
                tell($"The definition '{document.Head.DefinitionId}' is broken and cannot be started here; see 'validate'.");
        return found;
    }

    /// <summary>The folder of templates beside a definition, or null when there is none.</summary>
    public static string? TemplatesBeside(string file) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "templates") is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The text of a file; of a file that is too large only as much as shows that it is.</summary>
    public static string Text(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var reader = new StreamReader(file, Encoding.UTF8);
            var text = new StringBuilder();
            var buffer = new char[1 << 16];
            while (text.Length <= DefinitionReader.MaxBytes && reader.Read(buffer) is > 0 and var read)
                text.Append(buffer, 0, read);
            return text.ToString();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadArgumentException($"'{path}' cannot be read: {failure.Message}");
        }
    }
}
