using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>Tests that try to break one running server.</summary>
[CollectionDefinition(Name)]
public sealed class OneHostileServer : ICollectionFixture<HostileServer>
{
    public const string Name = "one hostile server";
}

/// <summary>One of everything that belongs to a person; ids as the wire has them.</summary>
internal sealed record Belongings(string Person, string Deal, string Task, string Document, string Meeting, string Mail, string Mention, string Notification, string User, string Absence);

/// <summary>A server with two reps of whom one must learn nothing of the other: whatever is the other's carries <see cref="Secret"/>.</summary>
public sealed class HostileServer : RunningServer
{
    /// <summary>Stands in every text that is rep2's.</summary>
    public const string Secret = "MARKER-OF-REP-TWO";
    public const string Pipeline = "hostile";

    /// <summary>What is rep's own.</summary>
    internal Belongings Own { get; private set; } = null!;
    /// <summary>What is rep2's.</summary>
    internal Belongings Foreign { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await App.Services.GetRequiredService<DefinitionStore>().PublishAsync("""
            {"definitionId":"hostile","id":"hostile-1","version":1,"name":"Hostile","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
              {"id":"go","type":"SalesFlow.DealStarted"},
              {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","body":{"id":"b1","type":"Elsa.Flowchart","activities":[
                {"id":"offer","type":"SalesFlow.Document","kind":{"typeName":"String","expression":{"type":"Literal","value":"offer"}},"language":{"typeName":"String","expression":{"type":"Literal","value":"en"}}},
                {"id":"call","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Scriban","value":"Call {{ client.name }}"}}},
                {"id":"meet","type":"SalesFlow.Meeting","subject":"Talk"}],
                "connections":[{"source":{"activity":"offer","port":"Done"},"target":{"activity":"call"}},{"source":{"activity":"offer","port":"Done"},"target":{"activity":"meet"}}]}},
              {"id":"s2","type":"SalesFlow.Stage","stage":"second","nameEn":"Second","body":{"id":"b2","type":"Elsa.Flowchart","activities":[{"id":"more","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"More"}}}],"connections":[]}}],
             "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}},{"source":{"activity":"s1","port":"Done"},"target":{"activity":"s2"}}]}}
            """, CancellationToken.None);
        Own = await FurnishAsync(Roles.Rep, "own");
        Foreign = await FurnishAsync("rep2", Secret);
    }

    /// <summary>A fingerprint of each table whose rows only people and processes change; two that differ name the table that was written.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> FingerprintsAsync()
    {
        string[] tables = ["deals", "clients", "tasks", "documents", "document_texts", "number_series", "meetings", "busy_quarters", "calendar_feeds", "mentions", "absences", "users", "user_roles", "api_keys", "template_versions",
            "definitions", "approvals", "approval_matrices", "instances", "visits", "mail_contents", "mail_files", "settings", "seeds", "alteration_plans"];
        await using var db = new SqliteConnection($"Data Source={Directory.GetFiles(Folder, "*.db").Single()};Mode=ReadOnly");
        await db.OpenAsync();
        var prints = new Dictionary<string, string>();
        foreach (var table in tables)
            prints[table] = await FingerprintAsync(db, table);
        return prints;
    }

    /// <summary>A deal with all that a deal can have.</summary>
    internal async Task<Belongings> FurnishAsync(string person, string words)
    {
        var client = As(person);
        var deal = Id(await SucceedAsync(client.PostAsJsonAsync("/api/deals", new
        {
            pipeline = Pipeline, title = $"{words} title", client = new { name = $"{words} LLC", inn = "7700000000", contact = $"{words} contact", email = "client@example.com", phone = $"{words} phone" },
            amount = 1000m, currency = "RUB", channel = $"{words} channel", fields = new { note = $"{words} field" },
        })));
        var user = Id(await SucceedAsync(client.GetAsync("/api/me")));
        var head = As(Roles.HeadOfSales);
        Assert.Equal(HttpStatusCode.NoContent, (await head.PostAsJsonAsync($"/api/deals/{deal}/comments", new { text = $"@{person} {words} comment" })).StatusCode);
        await SucceedAsync(head.PostAsJsonAsync($"/api/users/{user}/absences", new { from = DateTimeOffset.UtcNow.AddDays(300), to = DateTimeOffset.UtcNow.AddDays(301), reason = $"{words} reason" }));
        var document = await FirstAsync(client, $"/api/documents?deal={deal}");
        await SucceedAsync(client.PostAsJsonAsync($"/api/documents/{document}/send", new { to = "client@example.com", subject = $"{words} subject", text = $"{words} letter", format = "html" }));
        var meeting = await FirstAsync(client, $"/api/deals/{deal}/meetings");
        var slots = (await SucceedAsync(client.GetAsync($"/api/meetings/{meeting}/slots")))["items"]!.AsArray();
        await SucceedAsync(client.PostAsJsonAsync($"/api/meetings/{meeting}/book", new { start = slots[^1]!["start"]!.GetValue<string>(), place = $"{words} place" }));
        var absence = (await SucceedAsync(head.GetAsync("/api/users")))["items"]!.AsArray().Single(one => one!["id"]!.GetValue<string>() == user)!["absences"]![0]!["id"]!.GetValue<string>();
        return new(person, deal, await FirstAsync(client, $"/api/tasks?deal={deal}"), document, meeting, await SentAsync(client, deal), await FirstAsync(client, "/api/mentions"), await FirstAsync(client, "/api/notifications"), user, absence);
    }

    internal static async Task<JsonObject> SucceedAsync(Task<HttpResponseMessage> asked)
    {
        var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static string Id(JsonNode one) => one["id"]!.GetValue<string>();

    /// <summary>The newest of a list, once there is one: documents are made after the commit.</summary>
    private static async Task<string> FirstAsync(HttpClient client, string path)
    {
        var patience = DateTimeOffset.UtcNow.AddSeconds(60);
        while (DateTimeOffset.UtcNow < patience)
            if ((await SucceedAsync(client.GetAsync(path)))["items"]!.AsArray() is [{ } first, ..])
                return Id(first);
        throw new InvalidOperationException($"Nothing came to be at {path} in a minute.");
    }

    /// <summary>The deal's letter, once nobody works on any letter: what is compared later must stand still.</summary>
    private static async Task<string> SentAsync(HttpClient client, string deal)
    {
        var letter = await FirstAsync(client, $"/api/mails?deal={deal}");
        var patience = DateTimeOffset.UtcNow.AddSeconds(60);
        while (DateTimeOffset.UtcNow < patience && (await SucceedAsync(client.GetAsync("/api/mails?status=waiting")))["items"]!.AsArray().Count > 0)
        {
        }
        return letter;
    }

    private static async Task<string> FingerprintAsync(SqliteConnection db, string table)
    {
        await using var command = db.CreateCommand();
#pragma warning disable CA2100 // The names of tables are written above.
        command.CommandText = $"SELECT * FROM {table} ORDER BY 1, 2";
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (await rows.ReadAsync())
            for (var column = 0; column < rows.FieldCount; column++)
                hash.AppendData(rows.GetValue(column) switch { byte[] bytes => bytes, { } value => Encoding.UTF8.GetBytes($"{value}|") });
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
