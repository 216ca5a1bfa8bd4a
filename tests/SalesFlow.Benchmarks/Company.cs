using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;
using SalesFlow.Storage;

namespace SalesFlow.Benchmarks;

/// <summary>
/// A company on a database: deals that each wait for a task. A burst is a task that is completed: the deal's process goes on to the next task. It is
/// everything a command does, short of what pages read afterwards.
/// </summary>
internal sealed class Company : IAsyncDisposable
{
    private const string Pipeline = "bench";
    private static readonly Actor Head = new(new UserId(1), "bench", [Roles.HeadOfSales], "en");
    private readonly ServiceProvider _services;

    private Company(ServiceProvider services) => _services = services;

    public List<DealId> Deals { get; } = [];
    public WorkflowRuntime Runtime => _services.GetRequiredService<WorkflowRuntime>();
    public Workers Workers => _services.GetRequiredService<Workers>();
    public TurnFeed Feed => _services.GetRequiredService<TurnFeed>();
    public TurnStore Store => _services.GetRequiredService<TurnStore>();
    public TaskQueries Tasks => _services.GetRequiredService<TaskQueries>();
    public DealQueries DealQueries => _services.GetRequiredService<DealQueries>();
    public NotificationCommands Notifications => _services.GetRequiredService<NotificationCommands>();
    public DefinitionStore Definitions => _services.GetRequiredService<DefinitionStore>();
    private DealTurnCommands Turns => _services.GetRequiredService<DealTurnCommands>();

    public SalesFlowDb Open() => _services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContext();

    /// <summary>Opens it; a database without tables gets them, one with deals gives them.</summary>
    public static async Task<Company> OpenAsync(Action<IServiceCollection> database, List<RowBatch>? recorded = null)
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSales(new SalesOptions { Workflows = Path.Combine(AppContext.BaseDirectory, "workflows") });
        database(services);
        if (recorded is not null)
        {
            var real = services.Last(service => service.ServiceType == typeof(TurnStore));
            services.AddSingleton<TurnStore>(provider => new RecordingStore((TurnStore)real.ImplementationFactory!(provider), recorded));
        }
        var company = new Company(services.BuildServiceProvider());
        await using var db = company.Open();
        await Schema.UpdateAsync(db, default);
        await company.Definitions.SeedAsync([Definition()], default);
        company.Deals.AddRange(await db.Deals.OrderBy(deal => deal.Id).Select(deal => deal.Id).ToListAsync());
        return company;
    }

    /// <summary>Creates deals until there are that many, each waiting for its first task.</summary>
    public async Task GrowAsync(int deals)
    {
        var ids = new DealId[Math.Max(0, deals - Deals.Count)];
        var facts = _services.GetRequiredService<SalesFactsQueries>();
        await Parallel.ForEachAsync(Enumerable.Range(0, ids.Length), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, cancel) =>
        {
            var id = ids[i] = new DealId(await Runtime.NextIdAsync(cancel));
            var created = new DealCreated(id, DateTimeOffset.UtcNow, Head.Id, $"D-{id}", "Twelve pumps and their mounting", Pipeline, Pipeline, new ClientData(new ClientId(id.Value / 10 + 1), $"Client {id.Value / 10}"),
                1_250_000m, "RUB", "site", new UserId(id.Value % 7 + 2), ImmutableDictionary<string, object?>.Empty.Add("budget", 5L).Add("decisionMaker", "Anna Petrova"));
            await Runtime.StartAsync(Pipeline, new Stimulus.Start(TriggerActivityId: "deal-started", CorrelationId: id.ToString(), Name: created.Number), await facts.BlankAsync(cancel), [created], new InstanceId(id.Value), cancel);
        });
        Deals.AddRange(ids);
    }

    /// <summary>One burst: completes the deal's open task.</summary>
    public Task CompleteAsync(DealId id) => Turns.RunAsync(id, Head, "", moment =>
        TaskDecisions.Complete(moment, moment.Facts.Deal.Tasks.FindLast(task => task.Status == SalesTaskStatus.Open)!, "Done", null, null, Head, ImmutableDictionary<UserId, UserView>.Empty), default);

    /// <summary>Several callers, each with deals of its own, complete task after task; at most <paramref name="hot"/> deals are worked on.</summary>
    public Task<Rate> CompleteAsync(int callers, TimeSpan time, int hot = 1000, Func<TimeSpan>? cpu = null)
    {
        var (each, stride) = (Math.Max(1, Math.Min(hot, Deals.Count) / callers), Math.Max(1, Deals.Count / Math.Min(hot, Deals.Count)));
        return Rate.OfAsync(callers, time, (caller, i) => CompleteAsync(Deals[(caller * each + i % each) * stride]), cpu, () => Store.Commits);
    }

    /// <summary>Rows of turns that complete tasks, in an order in which they can be written again.</summary>
    public async Task<IReadOnlyList<RowBatch>> RecordAsync(int bursts, List<RowBatch> recorded)
    {
        recorded.Clear();
        await Parallel.ForEachAsync(Enumerable.Range(0, 64), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (caller, _) =>
        {
            for (var i = 0; i < bursts / 64; i++)
                await CompleteAsync(Deals[caller + i % (Deals.Count / 64) * 64]);
        });
        return recorded;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static string Definition()
    {
        static object Input(string type, string value, string syntax = "Literal") => new { typeName = type, expression = new { type = syntax, value } };
        static object Task(string id, string ru, string en) => new
        {
            id, type = "SalesFlow.Task", version = 1,
            subject = Input("String", $$"""{"ru":"{{ru}}","en":"{{en}}"}"""), instructions = Input("String", """{"ru":"Узнайте бюджет, сроки и кто принимает решение.","en":"Ask about the budget, the dates and who decides."}"""),
            dueHours = Input("Double", "8"), outcomes = Input("String[]", """["Done","NotNow"]""", "Object"), outcomeNames = Input("String", """{"Done":{"ru":"Готово","en":"Done"},"NotNow":{"ru":"Не сейчас","en":"Not now"}}"""),
        };
        static object Connection(string from, string to, string port = "Done") => new { source = new { activity = from, port }, target = new { activity = to, port = "In" } };
        return JsonSerializer.Serialize(new
        {
            definitionId = Pipeline, id = $"{Pipeline}-1", version = 1, name = "Bench",
            root = new
            {
                id = "flow", type = "Elsa.Flowchart", version = 1,
                activities = new object[]
                {
                    new { id = "deal-started", type = "SalesFlow.DealStarted", version = 1, customProperties = new { canStartWorkflow = true } },
                    new
                    {
                        id = "stage-talk", type = "SalesFlow.Stage", version = 1, stage = Input("String", "talk"), nameRu = Input("String", "Переговоры"), nameEn = Input("String", "Talks"),
                        body = new
                        {
                            id = "body", type = "Elsa.Flowchart", version = 1,
                            activities = new[] { Task("call", "Позвонить клиенту", "Call the client"), Task("write", "Написать клиенту", "Write to the client") },
                            connections = new[] { Connection("call", "write"), Connection("write", "call") },
                        },
                    },
                },
                connections = new[] { Connection("deal-started", "stage-talk") },
            },
        });
    }

    /// <summary>Writes turns as the real store does and keeps what it wrote.</summary>
    private sealed class RecordingStore(TurnStore real, List<RowBatch> recorded) : TurnStore(committers: 1)
    {
        public override Task<long> ReserveAsync(string sequence, int count, CancellationToken cancel) => real.ReserveAsync(sequence, count, cancel);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await real.DisposeAsync();
        }

        protected override async Task WriteAsync(IReadOnlyList<PendingTurn> group)
        {
            await Task.WhenAll(group.Select(turn => real.CommitAsync(turn.Batch)));
            recorded.AddRange(group.Select(turn => turn.Batch));
        }
    }
}
