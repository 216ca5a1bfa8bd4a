using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SalesFlow.Runtime;

/// <summary>The order of a table's columns.</summary>
public static class ColumnOrder
{
    /// <summary>Puts the columns of those properties last: databases read a row no further than they must. All others are as EF Core would order them: the key first.</summary>
    public static void LongLast(this IMutableEntityType table, params IReadOnlyList<string> properties)
    {
        foreach (var (property, place) in table.GetProperties().OrderBy(property => properties.Contains(property.Name)).Select((property, place) => (property, place)))
            property.SetColumnOrder(place);
    }
}
