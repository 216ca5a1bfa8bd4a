using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>Facts about servers that share a database and a clock that the test moves.</summary>
public abstract class ServersOnOneDatabase(Database database) : IAsyncLifetime
{
    private readonly List<Host> _hosts = [];

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    public async ValueTask InitializeAsync()
    {
        await database.PrepareAsync();
        await using var db = Server().Open();
        await Schema.UpdateAsync(db, default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        database.Drop();
        GC.SuppressFinalize(this);
    }

    /// <summary>A server; another one of the same database stands for a restart, or for a neighbour.</summary>
    protected Host Server(Action<IServiceCollection>? more = null)
    {
        var host = new Host(services =>
        {
            database.AddTo(services);
            more?.Invoke(services);
        }, Clock);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A definition around a root activity.</summary>
    protected static string Definition(string id, string root, string options = "{}", string more = "") =>
        $$"""{"definitionId":"{{id}}","name":"{{id}}","options":{{options}}{{more}},"root":{{root}}}""";

    protected static string Sequence(params string[] activities) => $$"""{"id":"steps","type":"Elsa.Sequence","activities":[{{string.Join(",", activities)}}]}""";

    /// <summary>An activity; inputs are literals, or a script when the value begins with "=".</summary>
    protected static string Activity(string id, string type, params (string Name, string Value)[] inputs) =>
        $$"""{"id":"{{id}}","type":"{{type}}"{{string.Concat(inputs.Select(input => $",\"{input.Name}\":{Input(input.Value)}"))}}}""";

    /// <summary>The same activity as what starts the workflow.</summary>
    protected static string Starting(string activity) => activity[..^1] + ",\"customProperties\":{\"canStartWorkflow\":true}}";

    protected static string Line(string text) => Activity($"line{text.Length}", "Elsa.WriteLine", ("text", text));

    private static string Input(string value) => value.StartsWith('=')
        ? $$$"""{"typeName":"Object","expression":{"type":"JavaScript","value":{{{System.Text.Json.JsonSerializer.Serialize(value[1..])}}}}}"""
        : $$$"""{"typeName":"Object","expression":{"type":"Literal","value":{{{System.Text.Json.JsonSerializer.Serialize(value)}}}}}""";
}

/// <summary>A new database for one test.</summary>
public abstract class Database
{
    public virtual Task PrepareAsync() => Task.CompletedTask;
    public abstract void AddTo(IServiceCollection services);
    public virtual void Drop() { }

    public sealed class Sqlite : Database
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-turns-").FullName;

        public override void AddTo(IServiceCollection services) => services.AddSqlite(Path.Combine(_folder, "test.db"));

        public override void Drop()
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }

    public sealed class Postgres : Database
    {
        private string _connection = "";

        public override async Task PrepareAsync() => _connection = await PostgresServer.NewDatabaseAsync();

        public override void AddTo(IServiceCollection services) => services.AddPostgres(_connection);
    }
}
