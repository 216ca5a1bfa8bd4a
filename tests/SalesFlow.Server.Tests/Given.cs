using System.Text.Json.Nodes;

namespace SalesFlow.Server.Tests;

/// <summary>Requests as a client would send them, naming only what matters.</summary>
internal static class Given
{
    public const string Pipeline = "b2b-new-clients";

    public static object Deal(string title) => new
    {
        pipeline = Pipeline, title, client = new { name = "Vector LLC", inn = "7700000000" }, amount = 120000.50m, currency = "RUB", channel = "site",
    };

    /// <summary>A completion that fits the task: its first button, and something fitting in every field.</summary>
    public static object Completion(JsonObject task) => new
    {
        outcome = task["outcomes"]![0]!["key"]!.GetValue<string>(),
        fields = task["form"]!.AsArray().ToDictionary(field => field!["field"]!.GetValue<string>(), Value),
    };

    private static object? Value(JsonNode? field) => field!["type"]!.GetValue<string>() switch
    {
        "money" => 100000,
        "number" => 5,
        "bool" => true,
        "date" => "2026-12-01",
        "choice" => field["options"]![0]!.GetValue<string>(),
        _ => "as agreed",
    };
}
