using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SalesFlow.Runtime;

/// <summary>The one database of an installation: what the runtime and the product store commits together.</summary>
public abstract partial class WorkflowDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>Times are unix microseconds and money is hundredths, integers in both databases, so that hand-written SQL needs no types of its own.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Microseconds>();
        configurationBuilder.Properties<decimal>().HaveConversion<Hundredths>();
    }

    private sealed class Microseconds() : ValueConverter<DateTimeOffset, long>(
        at => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        stored => new DateTimeOffset(DateTime.UnixEpoch.Ticks + stored * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero));

    private sealed class Hundredths() : ValueConverter<decimal, long>(sum => (long)Math.Round(sum * 100m), stored => stored / 100m);
}
