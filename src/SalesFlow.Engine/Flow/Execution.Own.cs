using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Flow;

internal sealed partial class Execution
{
    /// <summary>Evaluates an expression that sees one more variable, nearer than any other of that name.</summary>
    public object? EvaluateWith(string name, object? value, Expression expression, string targetType)
    {
        var cell = new Cell { Id = name, Name = name, Value = value, Persisted = false };
        (_cells ??= []).Insert(0, cell);
        try
        {
            return Evaluate(expression, targetType);
        }
        finally
        {
            _cells.Remove(cell);
        }
    }
}
