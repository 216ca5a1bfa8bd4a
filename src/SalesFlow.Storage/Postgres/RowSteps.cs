using SalesFlow.Runtime;

namespace SalesFlow.Storage.Postgres;

/// <summary>
/// The rows of many turns as few steps, each of one shape. What a turn does keeps its order, two touches of one row keep theirs across turns,
/// and no step touches a row twice, since a statement over many rows sees each row once. Pure.
/// </summary>
internal sealed class RowSteps
{
    private readonly List<Step> _steps = [];
    private readonly Dictionary<RowShape, List<int>> _byShape = [];
    private readonly Dictionary<RowKey, int> _lastTouch = [];

    /// <summary>The steps, in the order they are to be run.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Adds the rows of one turn.</summary>
    public void Add(RowBatch turn)
    {
        var earliest = 0;
        foreach (var (shape, values) in turn.Rows)
        {
            RowKey? key = shape.Keys.Length == 0 ? null : new RowKey(shape, values);
            if (key is { } touched && _lastTouch.TryGetValue(touched, out var last))
                earliest = Math.Max(earliest, last + 1);
            var at = Find(shape, earliest);
            _steps[at].Rows.Add(values);
            if (key is { } now)
                _lastTouch[now] = at;
            earliest = at;
        }
    }

    /// <summary>The first step of that shape that is not before <paramref name="earliest"/>; a new one at the end when there is none.</summary>
    private int Find(RowShape shape, int earliest)
    {
        if (!_byShape.TryGetValue(shape, out var places))
            _byShape[shape] = places = [];
        foreach (var place in places)
            if (place >= earliest)
                return place;
        _steps.Add(new Step(shape, []));
        places.Add(_steps.Count - 1);
        return _steps.Count - 1;
    }

    /// <summary>Rows of one shape that one statement writes.</summary>
    public sealed record Step(RowShape Shape, List<object?[]> Rows);

    /// <summary>Which row of which table: the values of its key columns.</summary>
    private readonly struct RowKey(RowShape shape, object?[] values) : IEquatable<RowKey>
    {
        private readonly RowShape _shape = shape;
        private readonly object?[] _values = values;

        public bool Equals(RowKey other)
        {
            if (_shape.Table != other._shape.Table || _shape.Keys.Length != other._shape.Keys.Length)
                return false;
            for (var i = 0; i < _shape.Keys.Length; i++)
                if (!Equals(Plain(_values[i]), Plain(other._values[i])))
                    return false;
            return true;
        }

        public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_shape.Table);
            for (var i = 0; i < _shape.Keys.Length; i++)
                hash.Add(Plain(_values[i]));
            return hash.ToHashCode();
        }

        // One turn may say 5 and another 5L.
        private static object? Plain(object? value) => value is int number ? (long)number : value;
    }
}
