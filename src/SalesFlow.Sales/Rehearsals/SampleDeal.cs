using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Rehearsals;

/// <summary>The deal that a rehearsal plays a sales process with: made up, except for what the caller says of it.</summary>
internal static class SampleDeal
{
    private static readonly string[] OfClient = ["name", "inn", "contact", "email", "phone"];

    /// <summary>True when the definition works on a deal: it has an activity of ours.</summary>
    public static bool IsNeededBy(WorkflowDefinition definition) => definition.Nodes.Values.Any(node => node.Type.StartsWith("SalesFlow.", StringComparison.Ordinal));

    /// <summary>Facts with nobody in them but the people that the definition names.</summary>
    public static DealFacts Facts(WorkflowDefinition definition, WorkingCalendar calendar)
    {
        var people = ImmutableDictionary.CreateBuilder<string, UserId>();
        foreach (var node in definition.Nodes.Values)
            if (node.Inputs.TryGetValue("Assignee", out var assignee) && assignee.Value.ValueKind == JsonValueKind.String && assignee.Value.GetString() is { } text
                && text.StartsWith("user:", StringComparison.Ordinal))
                people.TryAdd(text[5..], new UserId(people.Count + 2));
        return new DealFacts(Deal.Blank(), calendar, people.ToImmutable());
    }

    /// <summary>Its creation. The input may give title, amount, currency, channel, client and fields; whatever else it holds is the workflow's own.</summary>
    public static DealCreated Created(DealId id, WorkflowDefinition definition, IReadOnlyDictionary<string, object?> input, DateTimeOffset now)
    {
        var client = Members(input, "client") ?? ImmutableDictionary<string, object?>.Empty;
        if (client.Keys.FirstOrDefault(name => !OfClient.Contains(name)) is { } unknown)
            throw new ValidationException($"input.client.{unknown}", $"A client has no such member. It has: {string.Join(", ", OfClient)}.");
        var given = new NewDeal(definition.DefinitionId, Text(input, "title") ?? "Sample deal",
            new NewClient(Text(client, "name") ?? "Sample client", Text(client, "inn"), Text(client, "contact"), Text(client, "email"), Text(client, "phone")),
            Amount(input), Text(input, "currency") ?? "RUB", Text(input, "channel"), null, Members(input, "fields"));
        DealInput.Check(given);
        return new DealCreated(id, now, null, "1", given.Title, given.Pipeline, given.Pipeline,
            new ClientData(new ClientId(1), given.Client.Name, given.Client.Inn, given.Client.Contact, given.Client.Email, given.Client.Phone),
            given.Amount, given.Currency, given.Channel, new UserId(1), given.Fields?.ToImmutableDictionary() ?? ImmutableDictionary<string, object?>.Empty);
    }

    private static decimal Amount(IReadOnlyDictionary<string, object?> input) => input.GetValueOrDefault("amount") switch
    {
        null => 0,
        long or decimal or double or int => Convert.ToDecimal(input["amount"], CultureInfo.InvariantCulture),
        var other => throw new ValidationException("input.amount", $"'{Engine.Expressions.Json.Text(other)}' is not a sum; expected a number such as 1500.00."),
    };

    private static string? Text(IReadOnlyDictionary<string, object?> input, string name) => input.GetValueOrDefault(name) switch
    {
        null => null,
        string text => text,
        var other => throw new ValidationException($"input.{name}", $"{Engine.Expressions.Json.Text(other)} is not a text."),
    };

    private static IReadOnlyDictionary<string, object?>? Members(IReadOnlyDictionary<string, object?> input, string name) => input.GetValueOrDefault(name) switch
    {
        null => null,
        IReadOnlyDictionary<string, object?> members => members,
        var other => throw new ValidationException($"input.{name}", $"{Engine.Expressions.Json.Text(other)} is not an object of names and values."),
    };
}
