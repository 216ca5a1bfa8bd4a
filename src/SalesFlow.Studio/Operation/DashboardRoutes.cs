using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Instances;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Operation;

/// <summary>The whole at a glance: how it is doing, what needs somebody, what happened last. Of the last 24 hours, unless another range is asked for.</summary>
internal static class DashboardRoutes
{
    private const int Latest = 20;
    private static readonly (string Name, TimeSpan Length)[] Ranges = [("24h", TimeSpan.FromHours(24)), ("1h", TimeSpan.FromHours(1)), ("7d", TimeSpan.FromDays(7)), ("30d", TimeSpan.FromDays(30))];
    private static readonly object Available = new { status = "Available" }, NotInstalled = new { status = "NotInstalled" };

    public static void MapDashboard(this IEndpointRouteBuilder api)
    {
        var dashboard = api.MapGroup("/dashboard");
        dashboard.MapGet("/overview", OverviewAsync);
        dashboard.MapGet("/needs-attention", AttentionAsync);
        dashboard.MapGet("/recent-activity", async (HttpRequest request, DashboardQueries queries, TimeProvider clock, CancellationToken cancel) =>
        {
            var (range, from, to) = RangeOf(request, clock);
            var rows = await queries.LatestAsync(from, Latest, cancel);
            return ElsaJson.Ok(new { items = rows.Select(InstanceRoutes.Summary), appliedRange = range, from, to });
        });
    }

    private static async Task<IResult> OverviewAsync(HttpRequest request, DashboardQueries queries, RuntimeStatus status, IHostEnvironment host, TimeProvider clock, CancellationToken cancel)
    {
        var (range, from, to) = RangeOf(request, clock);
        return ElsaJson.Ok(new
        {
            capability = Available, backendName = host.ApplicationName, host.EnvironmentName,
            runtime = new
            {
                status = "AcceptingWork", isAcceptingWork = true, activeExecutionCycleCount = status.Busy,
                ingressSourceCount = status.Sources.Count, failedIngressSourceCount = Failed(status), reason = "None",
            },
            workflowInstances = await queries.CountAsync(from, cancel),
            // Elsa's log viewers are modules of its own that are not served here.
            diagnostics = new
            {
                structuredLogs = new { capability = NotInstalled, sourceCount = 0, staleSourceCount = 0, recentErrorOrCriticalCount = 0, droppedWriteCount = 0, droppedEventCount = 0 },
                consoleLogs = new { capability = NotInstalled, sourceCount = 0, staleSourceCount = 0, recentStderrCount = 0, droppedLineCount = 0 },
            },
            metrics = Array.Empty<object>(), panels = Array.Empty<object>(), appliedRange = range, from, to,
        });
    }

    private static async Task<IResult> AttentionAsync(HttpRequest request, DashboardQueries queries, RuntimeStatus status, WorkflowRuntime runtime, TimeProvider clock, CancellationToken cancel)
    {
        var (range, from, _) = RangeOf(request, clock);
        var faulted = (await queries.CountAsync(from, cancel)).Faulted;
        var (_, dead) = await runtime.DeadLettersAsync(null, 0, 0, cancel);
        Finding[] findings =
        [
            new("faulted-instances", "Error", faulted, new Text("Instances have faulted.", "Есть экземпляры, завершившиеся сбоем.").In(Language)),
            new("dead-letters", "Error", dead, new Text("Effects have been given up after many attempts.", "Есть действия, от которых отказались после многих попыток.").In(Language)),
            new("ingress-sources", "Error", Failed(status), new Text("Work does not come in that way any more; restart the server.", "Эти источники работы остановились; перезапустите сервер.").In(Language)),
        ];
        return ElsaJson.Ok(new { findings = findings.Where(finding => finding.Count > 0), capability = Available, appliedRange = range });
    }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private static int Failed(RuntimeStatus status) => status.Sources.Count(source => source.State == IngressState.Failed);

    private static (string Name, DateTimeOffset From, DateTimeOffset To) RangeOf(HttpRequest request, TimeProvider clock)
    {
        var (now, asked) = (clock.GetUtcNow(), request.Text("range") ?? Ranges[0].Name);
        var found = Array.Find(Ranges, range => range.Name == asked);
        return found.Name is null ? throw new ElsaProblemException("range", $"'{asked}' is unknown; expected {string.Join(", ", Ranges.Select(range => range.Name))}.") : (found.Name, now - found.Length, now);
    }

    private sealed record Finding(string Id, string Severity, int Count, string Message);
}
