using SalesFlow.Sales;

namespace SalesFlow.Web.Deals;

/// <summary>Ids as views carry them, back to what commands take.</summary>
internal static class DealIds
{
    public static DealId Read(string text) => DealId.TryParse(text, out var id) ? id : throw new FormatException($"Deal id '{text}' is not a number.");
}
