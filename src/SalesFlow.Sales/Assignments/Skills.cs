using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Sales.Assignments;

/// <summary>Compares what a deal is about with what people sell.</summary>
internal static class Skills
{
    /// <summary>True when for each of the fields, given as a <see cref="WordList"/> of names, the person has the deal's value among the skills. A field without a value asks for nothing.</summary>
    public static bool Fit(Deal deal, string? fields, IReadOnlyCollection<string> skills) =>
        WordList.Read(fields).Select(name => name == "channel" ? deal.Channel : Conversion.To<string>(deal.Fields.GetValueOrDefault(name)))
            .All(value => string.IsNullOrWhiteSpace(value) || skills.Contains(value, StringComparer.OrdinalIgnoreCase));
}
