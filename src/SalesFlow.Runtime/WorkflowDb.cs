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
        at => Stored.Micros(at),
        stored => Stored.Time(stored));

    private sealed class Hundredths() : ValueConverter<decimal, long>(sum => Stored.Hundredths(sum), stored => stored / 100m);
}

/// <summary>How values that both databases keep as integers are stored; for the rows that are written by hand.</summary>
public static class Stored
{
    /// <summary>Microseconds since 1970 in UTC.</summary>
    public static long Micros(DateTimeOffset at) => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time that was stored as so many microseconds.</summary>
    public static DateTimeOffset Time(long micros) => new(DateTime.UnixEpoch.Ticks + micros * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>Hundredths of a unit of money.</summary>
    public static long Hundredths(decimal sum) => (long)Math.Round(sum * 100m);
}
