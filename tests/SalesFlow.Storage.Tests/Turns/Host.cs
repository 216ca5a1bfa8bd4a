using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>One server on a database: the real runtime without the product.</summary>
public sealed class Host : IAsyncDisposable
{
    private static readonly RowShape Note = RowShape.Insert("settings", ("key", ColumnType.Words), ("value", ColumnType.Words));
    private readonly ServiceProvider _services;

    public Host(Action<IServiceCollection> database, FakeTimeProvider clock)
    {
        Clock = clock;
        var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddSingleton<FactsSource, NoFacts>().AddSingleton<ChangeWriter, Notes>()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddWorkflowRuntime([]);
        database(services);
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; }
    public WorkflowRuntime Runtime => _services.GetRequiredService<WorkflowRuntime>();
    public DefinitionStore Definitions => _services.GetRequiredService<DefinitionStore>();
    public TurnStore Store => _services.GetRequiredService<TurnStore>();
    public TurnFeed Feed => _services.GetRequiredService<TurnFeed>();
    public Workers Workers => _services.GetRequiredService<Workers>();

    public SalesFlowDb Open() => _services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContext();

    public async Task<TurnOutcome> StartAsync(string definition) =>
        await Runtime.StartAsync(definition, new Stimulus.Start(), Facts.None, [], new InstanceId(await Runtime.NextIdAsync(default)), default);

    public async Task<WorkflowSubStatus> StatusAsync(InstanceId id)
    {
        await using var db = Open();
        return (WorkflowSubStatus)await db.Instances.Where(row => row.Id == id.Value).Select(row => row.SubStatus).SingleAsync();
    }

    public async Task<IReadOnlyList<string>> JournalAsync(InstanceId id) => [.. (await Runtime.JournalAsync(id, default)).Select(entry => $"{entry.ActivityId} {entry.Event}")];

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>A change that tests can see in the database.</summary>
    public sealed record Noted(string Key, string Value) : Change;

    private sealed class NoFacts : FactsSource
    {
        public override Task<Facts> LoadAsync(InstanceId instance, string definitionId, CancellationToken cancel) => Task.FromResult(Facts.None);
    }

    private sealed class Notes : ChangeWriter
    {
        public override string? Write(IReadOnlyList<Change> changes, Facts facts, RowBatch rows)
        {
            foreach (var noted in changes.OfType<Noted>())
                rows.Add(Note, noted.Key, noted.Value);
            return null;
        }
    }
}
