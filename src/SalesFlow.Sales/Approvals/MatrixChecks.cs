using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Approvals;

/// <summary>
/// What a matrix leaves open or says twice, with terms that show it. <paramref name="Kind"/> is gap, overlap or tooComplex; <paramref name="Rows"/> are the rows that an overlap is of, from 0.
/// </summary>
public sealed record MatrixFinding(string Kind, ImmutableArray<int> Rows, Terms? Example, Text Words);

/// <summary>Looks for terms that no row covers, and for terms that two rows cover. Exact: terms are boxes of ranges and sets, and rows are cut out of them.</summary>
public static class MatrixChecks
{
    private const int MostPieces = 20_000, MostGaps = 5, MostOverlaps = 20;
    private static readonly ImmutableArray<string> Numbers = [TermNames.Discount, TermNames.Amount, TermNames.Margin, TermNames.PaymentDays];
    private static readonly ImmutableArray<string> Words = [TermNames.Product, TermNames.Segment];

    /// <summary>Everything found: gaps first.</summary>
    public static ImmutableArray<MatrixFinding> Find(ApprovalMatrix matrix)
    {
        var space = new Space(matrix);
        var boxes = matrix.Rows.Select(row => space.Of(row.When)).ToList();
        return [.. Gaps(space, boxes), .. Overlaps(space, boxes)];
    }

    private static IEnumerable<MatrixFinding> Gaps(Space space, List<Box> rows)
    {
        var open = new List<Box> { space.Whole };
        foreach (var row in rows)
        {
            open = [.. open.SelectMany(piece => piece.Without(row))];
            if (open.Count > MostPieces)
                return [new("tooComplex", [], null, new("The matrix is too intricate to be checked for gaps.", "Матрица слишком сложна для проверки на пропуски."))];
        }
        return open.Take(MostGaps).Select(piece => space.Example(piece)).Select(example => new MatrixFinding("gap", [], example, new(
            $"No row covers, for example: {space.Say(example, "en")}. Such deals go to the head of sales.", $"Ни одна строка не охватывает, например: {space.Say(example, "ru")}. Такие сделки уйдут руководителю отдела продаж.")));
    }

    private static IEnumerable<MatrixFinding> Overlaps(Space space, List<Box> rows) =>
        (from second in Enumerable.Range(0, rows.Count)
         from first in Enumerable.Range(0, second)
         where rows[first].Meet(rows[second]) is not null
         let example = space.Example(rows[first].Meet(rows[second])!)
         select new MatrixFinding("overlap", [first, second], example, new($"Rows {first + 1} and {second + 1} both cover, for example: {space.Say(example, "en")}. Row {first + 1} is in force.",
             $"Строки {first + 1} и {second + 1} обе охватывают, например: {space.Say(example, "ru")}. Действует строка {first + 1}."))).Take(MostOverlaps);

    /// <summary>All terms there can be, as far as the matrix tells them apart.</summary>
    private sealed class Space
    {
        private readonly ImmutableArray<ImmutableArray<string>> _values;
        private readonly ImmutableHashSet<string> _named;

        public Space(ApprovalMatrix matrix)
        {
            _values = [.. Words.Select(term => matrix.Rows.SelectMany(row => row.When.Values(term)).Distinct(StringComparer.OrdinalIgnoreCase).ToImmutableArray())];
            _named = [.. TermNames.Conditions.Where(term => matrix.Rows.Any(row => row.When.Names(term)))];
            // Nought belongs to every term but the margin, and nothing below it does; of words there are those that are named, and all others together.
            Whole = new([new(-1, 100), new(-1, null), new(null, 100), new(-1, null)], [.. _values.Select(values => (1UL << (values.Length + 1)) - 1)]);
        }

        public Box Whole { get; }

        public Box Of(TermConditions when) => new Box([.. Numbers.Select(term => when.Range(term) ?? new())],
            [.. Words.Select((term, at) => when.Values(term) is { IsEmpty: false } values ? values.Aggregate(0UL, (set, value) => set | 1UL << Index(at, value)) : Whole.Sets[at])]).Meet(Whole)!;

        public Terms Example(Box box) => new()
        {
            Discount = Number(box.Ranges[0]) ?? 0, Amount = Number(box.Ranges[1]) ?? 0, Margin = Number(box.Ranges[2]), PaymentDays = Number(box.Ranges[3]) ?? 0,
            Product = Word(0, box.Sets[0]), Segment = Word(1, box.Sets[1]),
        };

        public string Say(Terms terms, string language) => string.Join(", ", TermNames.Conditions.Where(_named.Contains).Select(term => string.Create(CultureInfo.InvariantCulture,
            $"{TermNames.Label(term).In(language)}: {terms.Value(term) ?? (term == TermNames.Margin ? new Text("unknown", "неизвестна") : new Text("any other", "любой другой")).In(language)}")) is var parts && parts.Any()
            ? parts : [new Text("any terms", "любые условия").In(language)]);

        private int Index(int at, string value) => _values[at].Select((known, index) => (known, index)).First(pair => string.Equals(pair.known, value, StringComparison.OrdinalIgnoreCase)).index;

        private string? Word(int at, ulong set) => System.Numerics.BitOperations.TrailingZeroCount(set) is var first && first < _values[at].Length ? _values[at][first] : null;

        private static decimal? Number(TermRange range) => range.UpTo ?? (range.Over is { } over ? over + 1 : null);
    }

    /// <summary>Terms between bounds and of sets. Every range and set in it holds something.</summary>
    private sealed record Box(ImmutableArray<TermRange> Ranges, ImmutableArray<ulong> Sets)
    {
        /// <summary>What lies in both; null when nothing does.</summary>
        public Box? Meet(Box other)
        {
            var met = new Box([.. Ranges.Zip(other.Ranges, (a, b) => new TermRange(Higher(a.Over, b.Over), Lower(a.UpTo, b.UpTo)))], [.. Sets.Zip(other.Sets, (a, b) => a & b)]);
            return met.Ranges.Any(range => range.Over >= range.UpTo) || met.Sets.Contains(0UL) ? null : met;
        }

        /// <summary>What lies in this one alone, in pieces that do not meet.</summary>
        public IEnumerable<Box> Without(Box other)
        {
            if (Meet(other) is not { } hole)
            {
                yield return this;
                yield break;
            }
            var left = this;
            for (var i = 0; i < Ranges.Length; i++)
            {
                if (hole.Ranges[i].Over is { } over && over != left.Ranges[i].Over)
                    yield return left with { Ranges = left.Ranges.SetItem(i, left.Ranges[i] with { UpTo = over }) };
                if (hole.Ranges[i].UpTo is { } upTo && upTo != left.Ranges[i].UpTo)
                    yield return left with { Ranges = left.Ranges.SetItem(i, left.Ranges[i] with { Over = upTo }) };
                left = left with { Ranges = left.Ranges.SetItem(i, hole.Ranges[i]) };
            }
            for (var i = 0; i < Sets.Length; i++)
            {
                if ((left.Sets[i] & ~hole.Sets[i]) is > 0 and var rest)
                    yield return left with { Sets = left.Sets.SetItem(i, rest) };
                left = left with { Sets = left.Sets.SetItem(i, hole.Sets[i]) };
            }
        }

        private static decimal? Higher(decimal? a, decimal? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);

        private static decimal? Lower(decimal? a, decimal? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
    }
}
