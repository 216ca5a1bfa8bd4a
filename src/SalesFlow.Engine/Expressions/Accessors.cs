using System.Text;

namespace SalesFlow.Engine.Expressions;

/// <summary>The names behind accessor functions: <c>getOrderTotal()</c> reads the variable orderTotal, OrderTotal or order_total.</summary>
internal static class Accessors
{
    /// <summary>What follows get or set in an accessor's name; null when the name is no accessor's.</summary>
    public static string? Subject(string function, string verb) =>
        function.Length > verb.Length && function.StartsWith(verb, StringComparison.Ordinal) && !char.IsLower(function[verb.Length]) ? function[verb.Length..] : null;

    /// <summary>The variable meant by a Pascal-case name; null when there is none.</summary>
    public static string? Variable(Scope scope, string pascal)
    {
        foreach (var name in scope.VariableNames)
            if (IsPascalOf(pascal, name))
                return name;
        return null;
    }

    /// <summary>The input meant by a Pascal-case name; null when there is none.</summary>
    public static string? Input(Scope scope, string pascal)
    {
        foreach (var name in scope.InputNames)
            if (IsPascalOf(pascal, name))
                return name;
        return null;
    }

    /// <summary>True when an accessor of that Pascal-case name means the variable or input.</summary>
    public static bool IsPascalOf(string pascal, string name)
    {
        if (name.Length == pascal.Length && name.Length > 0 && char.ToUpperInvariant(name[0]) == pascal[0] && name.AsSpan(1).SequenceEqual(pascal.AsSpan(1)))
            return true;
        return name.Contains('_', StringComparison.Ordinal) && name.All(c => char.IsLetterOrDigit(c) || c == '_') && Pascal(name).Equals(pascal, StringComparison.Ordinal);
    }

    private static string Pascal(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var part in name.Split('_', StringSplitOptions.RemoveEmptyEntries))
            text.Append(char.ToUpperInvariant(part[0])).Append(part, 1, part.Length - 1);
        return text.ToString();
    }
}
