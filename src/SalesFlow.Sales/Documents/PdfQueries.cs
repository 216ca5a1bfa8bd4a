using System.Diagnostics;
using Microsoft.Extensions.Options;
using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Documents;

/// <summary>
/// Prints issued documents. Each print is a Chromium of its own, in a folder of its own, without network and the server's environment, stopped when its time is up. The page's own policy lets
/// no script run and nothing be fetched, files of this machine included.
/// </summary>
public sealed class PdfQueries(DocumentQueries documents, IOptions<PdfOptions> options) : IDisposable
{
    private const string Closed = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">";
    private static readonly string[] Quietly =
    [
        "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
        "--disable-dev-shm-usage", "--mute-audio", "--no-pdf-header-footer",
        // Nothing may be fetched: no name is resolved, and the only way out leads to a port where nobody listens.
        "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
    ];
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private readonly SemaphoreSlim _places = new(options.Value.AtOnce, options.Value.AtOnce);
    private readonly Lazy<string?> _program = new(() => Find(options.Value.Chromium));

    /// <summary>True when there is a Chromium to print with.</summary>
    public bool IsAvailable => _program.Value is not null;

    /// <summary>A document that the actor may see as PDF, and its number. Throws <see cref="UnavailableException"/> where it cannot be printed; it is there as HTML all the same.</summary>
    public async Task<(byte[] Pdf, string Number)> PrintAsync(DocumentId id, Actor actor, CancellationToken cancel)
    {
        var document = await documents.GetAsync(id, actor, cancel);
        return (await PrintPageAsync(await documents.HtmlAsync(id, actor, cancel), actor.Language, cancel), document.Number);
    }

    /// <summary>Prints a page of HTML. Throws <see cref="UnavailableException"/>.</summary>
    public async Task<byte[]> PrintPageAsync(string html, string language, CancellationToken cancel)
    {
        if (_program.Value is not { } program)
            throw Unavailable("There is no Chromium on the server; an administrator can install it or name it in the settings (Documents:Pdf:Chromium).",
                "На сервере нет Chromium; администратор может установить его или указать в настройках (Documents:Pdf:Chromium).", language);
        if (!await _places.WaitAsync(options.Value.TimeLimit, cancel))
            throw Unavailable("Too many documents are being printed; try again in a minute.", "Печатается слишком много документов; повторите через минуту.", language);
        try
        {
            return await PrintInAsync(Directory.CreateTempSubdirectory("salesflow-pdf-"), program, html, language, cancel);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<byte[]> PrintInAsync(DirectoryInfo folder, string program, string html, string language, CancellationToken cancel)
    {
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "page.html"), Path.Combine(folder.FullName, "page.pdf"));
            await File.WriteAllTextAsync(page, WithoutFetching(html), cancel);
            var complaint = await RunAsync(Start(program, folder.FullName, page, pdf), language, cancel);
            return File.Exists(pdf) ? await File.ReadAllBytesAsync(pdf, cancel)
                : complaint.Contains("sandbox", StringComparison.OrdinalIgnoreCase)
                    ? throw Unavailable("Chromium cannot start its sandbox here; an administrator can allow user namespaces, or set Documents:Pdf:Sandbox to false.",
                        "Chromium не может запустить здесь свою песочницу; администратор может разрешить пространства имён или задать Documents:Pdf:Sandbox = false.", language)
                    : throw Unavailable("Chromium ended without having printed.", "Chromium завершился, ничего не напечатав.", language);
        }
        finally
        {
            Remove(folder);
        }
    }

    private async Task<string> RunAsync(ProcessStartInfo start, string language, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Value.TimeLimit);
        using var process = Process.Start(start)!;
        try
        {
            var complaint = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return await complaint;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Unavailable($"Printing took longer than {options.Value.TimeLimit.TotalSeconds:0} seconds and was stopped.", $"Печать заняла больше {options.Value.TimeLimit.TotalSeconds:0} секунд и остановлена.", language);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private ProcessStartInfo Start(string program, string folder, string page, string pdf)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        string[] all = [.. Quietly, .. options.Value.Sandbox ?? !IsConfined ? Array.Empty<string>() : ["--no-sandbox"], $"--user-data-dir={Path.Combine(folder, "profile")}", $"--print-to-pdf={pdf}", new Uri(page).AbsoluteUri];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        // The server's environment may hold keys and passwords.
        start.Environment.Clear();
        (start.Environment["HOME"], start.Environment["PATH"], start.Environment["LANG"]) = (folder, Environment.GetEnvironmentVariable("PATH"), "C.UTF-8");
        return start;
    }

    private static bool IsConfined => Environment.UserName == "root" || Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1" || File.Exists("/.dockerenv");

    private static string WithoutFetching(string html) =>
        html.IndexOf("<head>", StringComparison.Ordinal) is >= 0 and var at ? html.Insert(at + "<head>".Length, Closed) : Closed + html;

    private static string? Find(string? named)
    {
        if (named is { Length: > 0 })
            return File.Exists(named) ? named : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Programs.SelectMany(program => folders.Select(folder => Path.Combine(folder, program))).FirstOrDefault(File.Exists);
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child of a stopped Chromium still writes; the system clears its temporary folder.
        }
    }

    private static UnavailableException Unavailable(string en, string ru, string language) =>
        new(new Text($"{en} The document can be opened as HTML and printed from the browser.", $"{ru} Документ можно открыть как HTML и напечатать из браузера.").In(language));

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();
}
