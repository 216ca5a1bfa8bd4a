using System.Collections.Immutable;
using CsCheck;
using SalesFlow.Sales.Approvals;

namespace SalesFlow.Sales.Tests.Approvals;

/// <summary>Terms and matrices on a small grid, where everything can be tried.</summary>
internal static class ApprovalGen
{
    public static readonly ImmutableArray<decimal> Numbers = [0, 1, 2, 3];
    public static readonly ImmutableArray<string?> Words = [null, "a", "b"];

    private static readonly Gen<decimal> Number = One(Numbers.ToArray());
    private static readonly Gen<string?> Word = One(Words.ToArray());

    public static Gen<Terms> Terms { get; } = Gen.Select(Number, Number, Number, One<decimal?>(null, 0, 1, 2), Word, Word, One("RUB", "RUB", "USD"), One<string?>(null, null, "50/50"))
        .Select((discount, amount, days, margin, product, segment, currency, payment) => new Terms
        {
            Discount = discount, Amount = amount, PaymentDays = days, Margin = margin, Product = product, Segment = segment, Currency = currency, PaymentTerms = payment,
        });

    private static readonly Gen<TermRange?> Range = Gen.Select(Gen.Int[-1, 2], Gen.Int[0, 4]).Select((over, upTo) =>
        over >= upTo ? null : new TermRange(over < 0 ? null : over, upTo > 3 ? null : upTo));

    private static readonly Gen<ImmutableArray<string>> Values = One<ImmutableArray<string>>([], [], ["a"], ["b", "A"]);

    public static Gen<TermConditions> Conditions { get; } = Gen.Select(Range, Range, Range, Range, Values, Values)
        .Select((discount, amount, margin, days, product, segment) => new TermConditions { Discount = discount, Amount = amount, Margin = margin, PaymentDays = days, Product = product, Segment = segment });

    private static readonly Gen<ImmutableArray<ApprovalLevel>> Levels = One("x", "y", "z").Array[0, 3].Select(keys => keys.Distinct().Select(key => new ApprovalLevel(key, new(key, key), ["role:approver"])).ToImmutableArray());

    public static Gen<ApprovalRow> Row { get; } = Gen.Select(Conditions, Levels).Select((when, levels) => new ApprovalRow(when, levels));

    public static Gen<ApprovalMatrix> Matrix { get; } = Row.Array[0, 4].Select(rows => new ApprovalMatrix { Rows = [.. rows] });

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>Every point of the grid; a margin is also unknown, and words are also others.</summary>
    public static IEnumerable<Terms> Grid() =>
        from discount in Numbers.Append(50)
        from amount in Numbers.Append(50)
        from days in Numbers.Append(50)
        from margin in Numbers.Append(50).Select(number => (decimal?)number).Append(null)
        from product in Words
        from segment in Words
        select new Terms { Discount = discount, Amount = amount, PaymentDays = days, Margin = margin, Product = product, Segment = segment };
}
