using System.Diagnostics;
using Microsoft.Playwright;

namespace SalesFlow.Browser.Tests.Studio;

/// <summary>How long Studio takes to open, beside a page that holds nothing but the package.</summary>
[Collection(OneCompany.Name)]
public sealed class BootTests(RunningCompany company, ITestOutputHelper output)
{
    private const string Plain = """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><base href="/studio/">
        <link rel="stylesheet" href="_content/MudBlazor/MudBlazor.min.css"><link rel="stylesheet" href="_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.css">
        <link rel="stylesheet" href="_content/Radzen.Blazor/css/material-base.css"><link rel="stylesheet" href="_content/Elsa.Studio.Shell/css/shell.css"><link rel="stylesheet" href="Elsa.Studio.Host.CustomElements.styles.css">
        </head><body><div id="sf-studio"><elsa-workflow-definition-editor definition-id="b2b-new-clients" remote-endpoint="HOST/elsa/api"></elsa-workflow-definition-editor></div>
        <script src="_content/BlazorMonaco/jsInterop.js"></script><script src="_content/BlazorMonaco/lib/monaco-editor/min/vs/loader.js"></script><script src="_content/BlazorMonaco/lib/monaco-editor/min/vs/editor/editor.main.js"></script>
        <script src="_content/MudBlazor/MudBlazor.min.js"></script><script src="_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.js"></script><script src="_content/Radzen.Blazor/Radzen.Blazor.js"></script>
        <script src="_framework/blazor.webassembly.js"></script></body></html>
        """;

    [Fact]
    public async Task Opening_the_editor_adds_no_more_than_the_package_takes_by_itself()
    {
        await using var studio = await company.OpenStudioAsync("/deals");
        // A page whose requests are listened to has no cache: both are loaded whole.
        await studio.Page.RouteAsync("**/studio/plain", route => route.FulfillAsync(new() { ContentType = "text/html; charset=utf-8", Body = Plain.Replace("HOST", company.Address, StringComparison.Ordinal) }));

        var package = await OpenAsync(studio.Page, "/studio/plain");
        var ours = await OpenAsync(studio.Page, "/studio/workflows/definitions/b2b-new-clients/edit");

        output.WriteLine($"The editor's first activity is drawn after {package.TotalSeconds:0.00} s with the package alone, after {ours.TotalSeconds:0.00} s in SalesFlow.");
        Assert.InRange(ours, TimeSpan.Zero, 2 * package);
    }

    private static async Task<TimeSpan> OpenAsync(IPage page, string path)
    {
        var watch = Stopwatch.StartNew();
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("#sf-studio .elsa-activity").First.WaitForAsync();
        return watch.Elapsed;
    }
}
