using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Sets;

/// <summary>
/// Reads a set out of a ZIP that somebody sent. Nothing in it is trusted: sizes are counted as the bytes come, no name becomes a path, and every problem is told by the
/// name of its file.
/// </summary>
public sealed partial class SetReader
{
    private const int MostFiles = 1_000, MostBytes = 64 << 20, MostOfText = 1 << 20;
    private static readonly string[] Folders = ["definitions/", "templates/", "calendars/", "approvals/"];
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _language;
    private readonly SortedDictionary<string, List<string>> _problems = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _templates = new(StringComparer.Ordinal), _calendars = new(StringComparer.Ordinal), _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fileOf = [];
    private readonly List<string> _pipelines = [];
    private long _left = MostBytes;
    private bool _hasManifest;

    private SetReader(string language) => _language = language;

    /// <summary>The set; throws <see cref="ValidationException"/> with every problem, in the words of a language.</summary>
    public static SalesSet Read(Stream zip, string language)
    {
        var reader = new SetReader(language);
        reader.Open(zip);
        if (reader._problems.Count == 0)
            reader.Check();
        if (reader._problems.Count > 0)
            throw new ValidationException(reader._problems.ToDictionary(problem => problem.Key, problem => problem.Value.ToArray()));
        return new([.. reader._pipelines], reader._definitions.ToImmutableSortedDictionary(StringComparer.Ordinal), reader._templates.ToImmutableSortedDictionary(StringComparer.Ordinal), reader._calendars.ToImmutableSortedDictionary(StringComparer.Ordinal))
        {
            Matrices = reader._matrices.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    private void Open(Stream content)
    {
        try
        {
            using var zip = new ZipArchive(content, ZipArchiveMode.Read);
            if (zip.Entries.Count > MostFiles)
                Report(SetArchive.Manifest, new($"The archive has {zip.Entries.Count} files; at most {MostFiles} are read.", $"В архиве файлов: {zip.Entries.Count}; читается не больше {MostFiles}."));
            else
                ReadAll(zip);
        }
        catch (Exception broken) when (broken is InvalidDataException or NotSupportedException or IOException or ArgumentException)
        {
            Report(SetArchive.Manifest, new($"This is no ZIP that can be opened: {broken.Message} Expected a file that an export has made.", $"Это не ZIP, который можно открыть: {broken.Message} Ожидается файл, созданный выгрузкой."));
        }
    }

    private void ReadAll(ZipArchive zip)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in zip.Entries.Where(entry => !Folders.Contains(entry.FullName)))
            if (!seen.Add(entry.FullName))
                Report(entry.FullName, new("Is in the archive twice.", "Есть в архиве дважды."));
            else if (Name().Match(entry.FullName) is not { Success: true } name)
                Report(entry.FullName, new("Is no file of a set. Expected set.json, definitions/*.json, templates/*.ru.scriban or *.en.scriban, calendars/*.json, approvals/*.json.",
                    "Такого файла в наборе быть не может. Ожидаются set.json, definitions/*.json, templates/*.ru.scriban или *.en.scriban, calendars/*.json, approvals/*.json."));
            else if (Text(entry, name.Groups["definition"].Success ? DefinitionReader.MaxBytes : MostOfText) is { } text)
                Keep(entry.FullName, name, text);
            else if (_left <= 0)
                return;
    }

    private void Keep(string file, Match name, string text)
    {
        if (name.Groups["definition"].Success)
            KeepDefinition(file, text);
        else if (name.Groups["template"] is { Success: true } template)
            KeepTemplate(file, template.Value, text);
        else if (name.Groups["calendar"] is { Success: true } calendar)
            KeepCalendar(file, calendar.Value, text);
        else if (name.Groups["matrix"] is { Success: true } matrix)
            KeepMatrix(file, matrix.Value, text);
        else
            KeepManifest(file, text);
    }

    private void KeepManifest(string file, string text)
    {
        _hasManifest = true;
        if (DefinitionDocument.TryParse(text) is not { } manifest || manifest.Text("format") != SetArchive.Format)
            Report(file, new($"Is no manifest of a set; expected {{\"format\": \"{SetArchive.Format}\", \"version\": {SetArchive.Version}, ...}}.", $"Это не описание набора; ожидается {{\"format\": \"{SetArchive.Format}\", \"version\": {SetArchive.Version}, ...}}."));
        else if (manifest["version"] is not JsonValue version || !version.TryGetValue(out int number) || number != SetArchive.Version)
            Report(file, new($"Is of the version {manifest["version"]?.ToJsonString() ?? "?"}; this server reads version {SetArchive.Version}. Export it anew, or update this server.",
                $"Версия набора {manifest["version"]?.ToJsonString() ?? "?"}; этот сервер читает версию {SetArchive.Version}. Выгрузите набор заново или обновите сервер."));
        else if (manifest["pipelines"] is JsonArray pipelines)
            _pipelines.AddRange(pipelines.OfType<JsonValue>().Select(key => key.TryGetValue(out string? text) ? text : "").Where(key => key.Length > 0));
    }

    private void KeepDefinition(string file, string text)
    {
        try
        {
            var document = DefinitionDocument.Parse(text);
            if (document.Text("definitionId") is not { Length: <= 200 } id)
                Report(file, new("Has no \"definitionId\" of at most 200 characters.", "Нет \"definitionId\" длиной не больше 200 символов."));
            else if (!_definitions.TryAdd(id, document))
                Report(file, new($"The definition '{id}' comes twice: also in {_fileOf[id]}.", $"Процесс «{id}» есть дважды: ещё в {_fileOf[id]}."));
            else
                _fileOf[id] = file;
        }
        catch (BrokenDefinitionException broken)
        {
            foreach (var sentence in broken.Words)
                Report(file, new(sentence, sentence));
        }
    }

    private void KeepTemplate(string file, string name, string text)
    {
        try
        {
            // Which parts there are is known only where the set is taken in.
            DocumentTemplate.Parse(text, _ => "");
            _templates[name] = text;
        }
        catch (TemplateException broken)
        {
            foreach (var problem in broken.Problems)
                Report(file, new(problem.In("en"), problem.In("ru")));
        }
    }

    private void KeepCalendar(string file, string key, string text)
    {
        if (CalendarQueries.TryRead(text, out var problem) is null)
            Report(file, new($"Is no calendar: {problem}", $"Это не календарь: {problem}"));
        _calendars[key] = text;
    }

    private void KeepMatrix(string file, string key, string text)
    {
        if (MatrixText.TryRead(text, out var problem) is null)
            Report(file, new($"Is no approval matrix: {problem}", $"Это не матрица согласования: {problem}"));
        _matrices[key] = text;
    }

    private void Check()
    {
        if (!_hasManifest)
            Report(SetArchive.Manifest, new("The archive has no set.json, so it is no set. A ZIP of definitions alone is imported in Studio.", "В архиве нет set.json, значит, это не набор. ZIP с одними процессами загружается в Studio."));
        foreach (var key in _pipelines.Where(key => !_definitions.ContainsKey(key)))
            Report(SetArchive.Manifest, new($"Names the pipeline '{key}', whose definition is not in the archive.", $"Названа воронка «{key}», но её процесса в архиве нет."));
        var needs = _definitions.ToDictionary(definition => definition.Key, definition => DefinitionHead.Of(DefinitionDocument.Write(definition.Value))?.Uses ?? []);
        foreach (var id in needs.Keys)
            if (WayBack(needs, id) is { } circle)
                Report(_fileOf[id], new($"The definition '{id}' uses itself, through {circle}.", $"Процесс «{id}» использует сам себя, через {circle}."));
    }

    private static string? WayBack(Dictionary<string, ImmutableHashSet<string>> needs, string id)
    {
        var (seen, open) = (new List<string>(), new Stack<string>(needs[id]));
        while (open.TryPop(out var used))
        {
            if (used == id)
                return string.Join(", ", seen.Append(id));
            if (seen.Contains(used) || !needs.TryGetValue(used, out var further))
                continue;
            seen.Add(used);
            foreach (var next in further)
                open.Push(next);
        }
        return null;
    }

    /// <summary>The text of a file; null when it was reported.</summary>
    private string? Text(ZipArchiveEntry entry, int most)
    {
        using var unpacked = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (var read = unpacked.Read(buffer); read > 0; read = unpacked.Read(buffer))
        {
            // What an archive says of its sizes may be a lie: bytes are counted as they come.
            if (bytes.Length + read > most || (_left -= read) < 0)
            {
                Report(entry.FullName, _left < 0
                    ? new($"The files are larger than {MostBytes >> 20} MB together.", $"Все файлы вместе больше {MostBytes >> 20} МБ.")
                    : new($"Is larger than {most >> 20} MB.", $"Больше {most >> 20} МБ."));
                return null;
            }
            bytes.Write(buffer, 0, read);
        }
        try
        {
            var text = Utf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
            if (!text.Contains('\0', StringComparison.Ordinal) && !text.Contains("\\u0000", StringComparison.Ordinal))
                return text;
            Report(entry.FullName, new("Holds a NUL character.", "Содержит символ NUL."));
        }
        catch (ArgumentException)
        {
            Report(entry.FullName, new("Is not UTF-8 text. Save it in UTF-8.", "Это не текст в UTF-8. Сохраните его в UTF-8."));
        }
        return null;
    }

    private void Report(string file, Text problem)
    {
        if (!_problems.TryGetValue(file, out var known))
            _problems[file] = known = [];
        known.Add(problem.In(_language));
    }

    [GeneratedRegex(@"^(?:set\.json|definitions/(?<definition>[^/\\:*?""<>|\x00-\x1f]{1,600})\.json|templates/(?<template>_?[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.(?:ru|en))\.scriban|calendars/(?<calendar>[A-Za-z0-9][A-Za-z0-9_-]{0,63})\.json|approvals/(?<matrix>[A-Za-z0-9][A-Za-z0-9_-]{0,63})\.json)\z")]
    private static partial Regex Name();
}
