using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>What stands beside a line of the log.</summary>
public sealed class LogsTests
{
    [Fact]
    public void No_line_carries_the_address_of_a_request_since_links_of_clients_are_secrets()
    {
        var lines = new Lines();
        using var log = new LoggerConfiguration().Enrich.With(new Logs.WithoutAddresses()).WriteTo.Sink(lines).CreateLogger();

        log.ForContext("RequestPath", "/book/secret").ForContext("Instance", 7).Warning("Something is odd.");

        Assert.Equal(["Instance"], lines.Seen.Single().Properties.Keys);
    }

    private sealed class Lines : ILogEventSink
    {
        public List<LogEvent> Seen { get; } = [];

        public void Emit(LogEvent logEvent) => Seen.Add(logEvent);
    }
}
