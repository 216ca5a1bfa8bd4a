using Acornima;

namespace SalesFlow.Engine.Expressions;

/// <summary>JavaScript's operators on plain values.</summary>
internal static class PlainOperators
{
    /// <summary>A binary operator over two closures; null when the operator is not in the subset.</summary>
    public static PlainStep? Binary(Operator symbol, PlainStep? left, PlainStep? right)
    {
        if (left is null || right is null)
            return null;
        return symbol switch
        {
            Operator.Addition => Of(left, right, Add),
            Operator.Subtraction => Of(left, right, (a, b) => PlainValue.Of(a.ToNumber() - b.ToNumber())),
            Operator.Multiplication => Of(left, right, (a, b) => PlainValue.Of(a.ToNumber() * b.ToNumber())),
            Operator.Division => Of(left, right, (a, b) => PlainValue.Of(a.ToNumber() / b.ToNumber())),
            Operator.Remainder => Of(left, right, (a, b) => PlainValue.Of(a.ToNumber() % b.ToNumber())),
            Operator.StrictEquality => Of(left, right, (a, b) => PlainValue.Of(a.StrictlyEquals(b))),
            Operator.StrictInequality => Of(left, right, (a, b) => PlainValue.Of(!a.StrictlyEquals(b))),
            Operator.Equality => Of(left, right, (a, b) => PlainValue.Of(a.LooselyEquals(b))),
            Operator.Inequality => Of(left, right, (a, b) => PlainValue.Of(!a.LooselyEquals(b))),
            Operator.LessThan => Of(left, right, (a, b) => PlainValue.Of(Compare(a, b) is < 0)),
            Operator.GreaterThan => Of(left, right, (a, b) => PlainValue.Of(Compare(a, b) is > 0)),
            Operator.LessThanOrEqual => Of(left, right, (a, b) => PlainValue.Of(Compare(a, b) is <= 0)),
            Operator.GreaterThanOrEqual => Of(left, right, (a, b) => PlainValue.Of(Compare(a, b) is >= 0)),
            _ => null,
        };
    }

    /// <summary>A prefix operator over a closure; null when the operator is not in the subset.</summary>
    public static PlainStep? Unary(Operator symbol, PlainStep? argument) => argument is null ? null : symbol switch
    {
        Operator.LogicalNot => (ref PlainFrame frame) => PlainValue.Of(!argument(ref frame).IsTruthy),
        Operator.UnaryNegation => OfNumber(argument, -1),
        Operator.UnaryPlus => OfNumber(argument, 1),
        _ => null,
    };

    private static PlainStep OfNumber(PlainStep argument, int sign) => (ref PlainFrame frame) =>
    {
        var value = argument(ref frame);
        return value.Kind == PlainKind.Opaque ? frame.GiveUp() : PlainValue.Of(sign * value.ToNumber());
    };

    private static PlainStep Of(PlainStep left, PlainStep right, Func<PlainValue, PlainValue, PlainValue> apply) => (ref PlainFrame frame) =>
    {
        var a = left(ref frame);
        var b = right(ref frame);
        return a.Kind == PlainKind.Opaque || b.Kind == PlainKind.Opaque ? frame.GiveUp() : apply(a, b);
    };

    private static PlainValue Add(PlainValue a, PlainValue b) => a.Kind == PlainKind.Text || b.Kind == PlainKind.Text
        ? PlainValue.Of(string.Concat(a.ToText(), b.ToText()))
        : PlainValue.Of(a.ToNumber() + b.ToNumber());

    /// <summary>Null when one side is not a number: every comparison with it is false.</summary>
    private static int? Compare(PlainValue a, PlainValue b)
    {
        if (a.Kind == PlainKind.Text && b.Kind == PlainKind.Text)
            return string.CompareOrdinal(a.Text, b.Text);
        var (x, y) = (a.ToNumber(), b.ToNumber());
        return double.IsNaN(x) || double.IsNaN(y) ? null : x < y ? -1 : x > y ? 1 : 0;
    }
}
