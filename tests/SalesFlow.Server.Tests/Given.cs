namespace SalesFlow.Server.Tests;

/// <summary>Requests as a client would send them, naming only what matters.</summary>
internal static class Given
{
    public const string Pipeline = "b2b-new-clients";

    public static object Deal(string title) => new
    {
        pipeline = Pipeline, title, client = new { name = "Vector LLC", inn = "7700000000" }, amount = 120000.50m, currency = "RUB", channel = "site",
    };
}
