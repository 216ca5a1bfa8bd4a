using SalesFlow.Sales;

namespace SalesFlow.Web.Tasks;

/// <summary>Ids as views carry them, back to what commands take.</summary>
internal static class TaskIds
{
    public static TaskId Read(string text) => TaskId.TryParse(text, out var id) ? id : throw new FormatException($"Task id '{text}' is not a number.");
}
