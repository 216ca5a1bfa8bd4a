using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace SalesFlow.Server;

/// <summary>Where the log goes. Requests are logged by route and status only: addresses and bodies may name people.</summary>
internal static class Logs
{
    public static void AddTo(WebApplicationBuilder builder, ServerOptions options)
    {
        var compact = builder.Configuration.GetValue<bool>("Logs:CompactJson");
        builder.Services.AddSerilog(log =>
        {
            log.MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                .MinimumLevel.Override("System", LogEventLevel.Warning)
                // Says that somebody was refused, but neither whom nor what: the log of refusals does.
                .MinimumLevel.Override(typeof(Security.ApiKeyHandler).FullName!, LogEventLevel.Warning)
                // Antiforgery and data protection report every stale cookie as an error; that is a visitor's, not ours.
                .MinimumLevel.Override("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogEventLevel.Fatal)
                .Enrich.FromLogContext()
                .Enrich.With(new WithoutAddresses())
                .WriteTo.Console(formatProvider: System.Globalization.CultureInfo.InvariantCulture);
            var file = options.InData(Path.Combine("logs", "salesflow-.log"));
            if (compact)
                log.WriteTo.File(new CompactJsonFormatter(), file, rollingInterval: RollingInterval.Day, retainedFileCountLimit: 31, shared: true);
            else
                log.WriteTo.File(file, rollingInterval: RollingInterval.Day, retainedFileCountLimit: 31, shared: true, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        },
        // Each server writes to its own file, however many of them a process holds.
        preserveStaticLogger: true);
    }

    /// <summary>The address of a request is noted by ASP.NET Core beside every line; those of booking pages and calendar feeds are secrets.</summary>
    internal sealed class WithoutAddresses : ILogEventEnricher
    {
        /// <inheritdoc />
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("RequestPath");
    }
}
