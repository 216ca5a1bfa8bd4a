namespace SalesFlow.Engine.Expressions;

/// <summary>What an expression was parsed into; one object serves every instance and every thread.</summary>
internal abstract class CompiledExpression
{
    /// <summary>The value in <paramref name="scope"/>, not yet converted to the input's type.</summary>
    public abstract object? Evaluate(Scope scope, Evaluator evaluator);
    /// <summary>Why it can never be evaluated; null when it can.</summary>
    public virtual string? Mistake => null;
    /// <summary>The global names that it refers to, as far as they are known.</summary>
    public virtual IReadOnlyList<string> Globals => [];
}

/// <summary>A value written in the definition.</summary>
internal sealed class ConstantExpression(object? value) : CompiledExpression
{
    private sealed record Answer(string TypeName, bool IsArray, object? Value);
    private Answer? _last;

    public override object? Evaluate(Scope scope, Evaluator evaluator) => value;

    /// <summary>Converts once per type, as long as nobody can change the converted value.</summary>
    public object? To(string typeName, bool isArray)
    {
        if (_last is { } last && last.IsArray == isArray && string.Equals(last.TypeName, typeName, StringComparison.Ordinal))
            return last.Value;
        var converted = Conversion.To(value, typeName, isArray);
        if (converted is null or string || converted.GetType().IsValueType)
            _last = new(typeName, isArray, converted);
        return converted;
    }
}

/// <summary>The value of a variable.</summary>
internal sealed class VariableExpression(string? id, string? name) : CompiledExpression
{
    public override object? Evaluate(Scope scope, Evaluator evaluator)
    {
        var found = false;
        var value = id is null ? null : scope.GetVariable(id, out found);
        return found || name is null ? value : scope.GetVariable(name, out _);
    }
}

/// <summary>The value of an input.</summary>
internal sealed class InputExpression(string name) : CompiledExpression
{
    public override object? Evaluate(Scope scope, Evaluator evaluator) => scope.GetInput(name);
}

/// <summary>An expression that cannot be compiled; evaluating it faults with the reason.</summary>
internal sealed class BrokenExpression(string mistake) : CompiledExpression
{
    public override string? Mistake => mistake;
    public override object? Evaluate(Scope scope, Evaluator evaluator) => throw new FaultException(mistake);
}
