using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;

namespace SalesFlow.Studio.Page;

/// <summary>The page that holds the genuine Elsa Studio: one element of it at a time, at the addresses that Studio itself goes to.</summary>
public static class StudioPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/studio";

    /// <summary>
    /// Scripts only from here, WebAssembly, and the two inline scripts by which Studio 3.8.2 listens to its hot keys. Monaco draws with inline styles and works in a
    /// blob; Studio shows pictures as data.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly Dictionary<string, byte[]> Host = ReadHost();

    /// <summary>Changes with the files of the page, so that a browser never mixes two versions of them.</summary>
    private static readonly string Version = Convert.ToHexStringLower(SHA256.HashData([.. Host.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value)]))[..10];

    /// <summary>Adds what the page is made of.</summary>
    public static IServiceCollection AddStudioPage(this IServiceCollection services) => services.AddSingleton<PackageFiles>();

    /// <summary>Maps the page and its files for those whom <paramref name="policy"/> admits.</summary>
    public static void MapStudioPage(this IEndpointRouteBuilder app, string policy)
    {
        var studio = app.MapGroup(Path).RequireAuthorization(policy).ExcludeFromDescription();
        studio.MapGet("", () => Results.LocalRedirect($"{Path}/workflows/definitions"));
        studio.MapGet("/workflows/definitions", (HttpContext http, PackageFiles files) => Show(http, files, "definitions", null));
        studio.MapGet("/workflows/definitions/{id}/edit", (string id, HttpContext http, PackageFiles files) => Show(http, files, "editor", id));
        studio.MapGet("/workflows/instances", (HttpContext http, PackageFiles files) => Show(http, files, "instances", null));
        studio.MapGet("/workflows/instances/{id}/view", (string id, HttpContext http, PackageFiles files) => Show(http, files, "viewer", id));
        studio.MapGet("/definitions/{id}", (string id) => Results.LocalRedirect($"{Path}/workflows/definitions/{Uri.EscapeDataString(id)}/edit"));
        studio.MapGet("/instances/{id}", (string id) => Results.LocalRedirect($"{Path}/workflows/instances/{Uri.EscapeDataString(id)}/view"));
        studio.MapGet("/host/{file}", HostFile);
        studio.MapGet("/{**path}", (string path, HttpContext http, PackageFiles files) => files.Find(path, http));
    }

    private static IResult Show(HttpContext http, PackageFiles files, string view, string? id)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "ru" ? "ru" : "en";
        http.Response.Headers.CacheControl = "no-store";
        if (!files.AreThere)
            return Results.Text(Words["missing"].In(language), "text/plain; charset=utf-8", statusCode: StatusCodes.Status503ServiceUnavailable);
        var page = System.Text.Encoding.UTF8.GetString(Host["index.html"]);
        foreach (var (name, text) in Words)
            page = page.Replace($"{{{{{name}}}}}", Html.Encode(text.In(language)), StringComparison.Ordinal);
        return Results.Content(page.Replace("{{language}}", language, StringComparison.Ordinal).Replace("{{culture}}", language == "ru" ? "ru-RU" : "en-US", StringComparison.Ordinal)
            .Replace("{{view}}", view, StringComparison.Ordinal).Replace("{{id}}", Html.Encode(id ?? ""), StringComparison.Ordinal)
            .Replace("{{other}}", language == "ru" ? "en" : "ru", StringComparison.Ordinal).Replace("{{here}}", Html.Encode(Uri.EscapeDataString(http.Request.Path)), StringComparison.Ordinal)
            .Replace("{{version}}", Version, StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private static readonly Dictionary<string, Text> Words = new()
    {
        ["title"] = new("Processes — SalesFlow", "Процессы — SalesFlow"), ["deals"] = new("Deals", "Сделки"), ["definitions"] = new("Processes", "Процессы"), ["instances"] = new("Instances", "Экземпляры"),
        ["navigation"] = new("Navigation", "Навигация"), ["opening"] = new("Opening Elsa Studio …", "Открывается Elsa Studio …"),
        ["needs-script"] = new("Elsa Studio needs JavaScript.", "Для Elsa Studio нужен JavaScript."),
        ["broke"] = new("Something in Elsa Studio has failed.", "В Elsa Studio что-то сломалось."), ["reload"] = new("Reload", "Обновить"), ["close"] = new("Close", "Закрыть"),
        ["forbidden"] = new("Your roles do not allow this.", "Ваши роли этого не позволяют."), ["failed"] = new("This did not work:", "Не получилось:"),
        ["warned"] = new("Published. Please check:", "Опубликовано. Проверьте:"), ["retry"] = new("Retry what failed", "Повторить после ошибки"),
        ["retried"] = new("What had failed was run again.", "То, на чём случилась ошибка, выполнено заново."), ["failed-again"] = new("It failed again:", "Снова ошибка:"),
        ["missing"] = new("Elsa Studio's files are not beside this program. Build it with npm at hand, or publish it with docker/publish.sh.",
            "Рядом с программой нет файлов Elsa Studio. Соберите её там, где есть npm, или опубликуйте через docker/publish.sh."),
    };

    private static IResult HostFile(string file, HttpContext http)
    {
        if (file == "index.html" || !Host.TryGetValue(file, out var bytes))
            return Results.NotFound();
        http.Response.Headers.CacheControl = http.Request.Query.ContainsKey("v") ? "private, max-age=31536000, immutable" : "private, no-cache";
        return Results.Bytes(bytes, System.IO.Path.GetExtension(file) switch { ".js" => "text/javascript", ".css" => "text/css", ".svg" => "image/svg+xml", _ => "application/json" });
    }

    private static Dictionary<string, byte[]> ReadHost()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("host/", StringComparison.Ordinal)).ToDictionary(name => name["host/".Length..], name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }
}
