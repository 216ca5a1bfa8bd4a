using SalesFlow.Runtime;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>Several who want to do one thing at the same instant.</summary>
internal static class Race
{
    /// <summary>None begins before all are there. Answers for each, in their order, how it was refused; null for whoever was not.</summary>
    public static Task<RefusedException?[]> RunAsync(IReadOnlyCollection<Func<Task>> rivals)
    {
        var (ready, start) = (new CountdownEvent(rivals.Count), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return Task.WhenAll(rivals.Select(rival => Task.Run(async () =>
        {
            if (ready.Signal())
                start.SetResult();
            await start.Task;
            try
            {
                await rival();
                return null;
            }
            catch (RefusedException refused)
            {
                return refused;
            }
        })));
    }
}
