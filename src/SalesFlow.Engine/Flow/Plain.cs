using System.Collections;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Flow;

/// <summary>Values that an instance may remember.</summary>
internal static class Plain
{
    private const int MaxDepth = 32;

    /// <summary>The value itself; a fault when it is nested too deeply to be stored, or holds itself.</summary>
    public static object? Checked(object? value)
    {
        if (value is not (null or string or System.ValueType) && IsDeeper(value, MaxDepth))
            throw new FaultException($"The value is nested deeper than {MaxDepth} levels (or holds itself): an instance cannot remember it.");
        return value;
    }

    private static bool IsDeeper(object? value, int levels)
    {
        if (value is null or string or System.ValueType or byte[] || value is not IEnumerable items)
            return false;
        if (levels == 0)
            return true;
        if (Json.Members(value) is { } members)
        {
            foreach (var member in members)
                if (IsDeeper(member.Value, levels - 1))
                    return true;
            return false;
        }
        foreach (var item in items)
            if (IsDeeper(item, levels - 1))
                return true;
        return false;
    }
}
