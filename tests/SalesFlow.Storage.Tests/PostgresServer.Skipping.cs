namespace SalesFlow.Storage.Tests;

public static partial class PostgresServer
{
    /// <summary>The connection string of a new empty database; skips the test with the reason when there is no server.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var database = await TryNewDatabaseAsync();
        Assert.SkipWhen(database is null, "PostgreSQL is not installed: install Debian's package postgresql, or name a server in SALESFLOW_TEST_POSTGRES.");
        return database!;
    }
}
