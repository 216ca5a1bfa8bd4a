using System.Collections;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Flow;

internal sealed partial class Execution
{
    public override T? Input<T>(string name) where T : default
    {
        if (RawInput(name) is { } value)
            return Conversion.To<T>(value);
        foreach (var input in Node.Activity.Descriptor.Inputs)
            if (input.Name == name && input.Default is not null)
                return Conversion.To<T>(input.Default);
        return default;
    }

    /// <summary>An input as evaluated, unconverted.</summary>
    public object? RawInput(string name)
    {
        foreach (var (known, value) in _inputs)
            if (known == name)
                return value;
        return null;
    }

    public override void Output(string name, object? value)
    {
        if (Node.Converters.TryGetValue(name, out var converter))
            throw new FaultException($"Output '{name}' is to pass the output converter '{converter}', which this server does not have.");
        _run.Produced(this, name, value);
        (_outputs ??= [])[name] = value;
        if (!Node.Outputs.TryGetValue(name, out var target))
            return;
        for (var holder = _parent; holder is not null; holder = holder._parent)
            if (holder.FindCell(target) is { } cell)
            {
                cell.Value = Typed(cell, value);
                return;
            }
        foreach (var output in _run.Definition.Outputs)
            if (output.Name == target)
                Instance.Output[target] = Plain.Checked(Conversion.To(value, output.TypeName));
    }

    public override object? Evaluate(Expression expression, string targetType = "Object") => _run.Evaluator.Evaluate(expression, Scope, targetType);

    public override void Remember(string key, object? value) => (_remembered ??= [])[key] = Plain.Checked(value);

    public override T? Recall<T>(string key) where T : default =>
        _remembered is not null && _remembered.TryGetValue(key, out var value) && value is not null ? Conversion.To<T>(value) : default;

    public override object? Variable(string idOrName) => CellInReach(idOrName)?.Value;

    public override void SetVariable(string idOrName, object? value)
    {
        if (CellInReach(idOrName) is { } cell)
            cell.Value = Typed(cell, value);
        else
            AddCell(new Cell { Id = idOrName, Name = idOrName, Value = Plain.Checked(value), Persisted = false });
    }

    public override void Schedule(Node child, object? tag = null, IReadOnlyDictionary<string, object?>? variables = null)
    {
        var execution = _run.Schedule(child, this, Plain.Checked(tag));
        if (variables is not null)
            foreach (var (name, value) in variables)
                execution.AddCell(new Cell { Id = name, Name = name, Value = Plain.Checked(value) });
    }

    public override int NextNumber() => _run.NextNumber();

    public override Bookmark Wait(string name, string? stimulus = null, bool autoBurn = true, string? tag = null) => Wait(name, stimulus, autoBurn, null, tag);

    public override Bookmark WaitUntil(DateTimeOffset dueAt, string name, bool autoBurn = true, string? tag = null) => Wait(name, null, autoBurn, dueAt, tag);

    public override void Burn(Bookmark bookmark) => _run.Burn(bookmark);

    public override void Change(Change change) => _run.Change(change);

    public override void Effect(Effect effect, Bookmark? answer = null) => _run.Effect(effect, answer);

    public override void Line(string text) => _run.Line(text);

    internal ExecutionScope Scope => _scope ??= new ExecutionScope(this);

    internal IEnumerable<string> CellNames() => _cells?.Select(cell => cell.Name) ?? [];

    internal Cell? FindCell(string idOrName)
    {
        if (_cells is null)
            return null;
        foreach (var cell in _cells)
            if (cell.Id == idOrName || cell.Name == idOrName)
                return cell;
        return null;
    }

    internal Cell? CellInReach(string idOrName)
    {
        for (var holder = this; holder is not null; holder = holder._parent)
            if (holder.FindCell(idOrName) is { } cell)
                return cell;
        return null;
    }

    internal IEnumerable<string> NamesInReach()
    {
        for (var holder = this; holder is not null; holder = holder._parent)
            foreach (var cell in holder._cells ?? [])
                yield return cell.Name;
    }

    /// <summary>The nearest enclosing workflow-as-activity, or null inside the workflow itself.</summary>
    internal Execution? Composite()
    {
        for (var holder = _parent; holder is not null; holder = holder._parent)
            if (holder.Node.Activity is WorkflowAsActivity)
                return holder;
        return null;
    }

    private Bookmark Wait(string name, string? stimulus, bool autoBurn, DateTimeOffset? dueAt, string? tag)
    {
        var bookmark = new Bookmark(NextNumber(), name, stimulus, Id, Node.Id, Node.NodeId, Now, autoBurn, dueAt, tag);
        _run.AddBookmark(bookmark);
        return bookmark;
    }

    /// <summary>The evaluated inputs, when the journal does not have them yet.</summary>
    internal Snapshot? NewState()
    {
        if (!_showsInputs)
            return null;
        _showsInputs = false;
        return Node.Logs is { } rules ? Snapshot.Of(Kept(rules)) : _run.Logs == LogPersistence.Exclude ? null : Snapshot.Of(_inputs);
    }

    private KeyValuePair<string, object?>[] Kept(LogRules rules) => [.. _inputs.Where(input => rules.KeepsInput(input.Key, _run.Logs, _run.Evaluator, Scope))];

    /// <summary>The outputs set since the journal last had them.</summary>
    internal Snapshot? NewOutputs()
    {
        if (_outputs is null)
            return null;
        var outputs = _outputs;
        _outputs = null;
        return Node.Logs is { } rules ? Snapshot.Of(Kept(outputs, rules)) : _run.Logs == LogPersistence.Exclude ? null : Snapshot.Of([.. outputs]);
    }

    private KeyValuePair<string, object?>[] Kept(Dictionary<string, object?> outputs, LogRules rules) => [.. outputs.Where(output => rules.KeepsOutput(output.Key, _run.Logs, _run.Evaluator, Scope))];

    /// <summary>Evaluates an input that the activity asks for itself; the journal shows it like the others.</summary>
    internal object? EvaluateInput(string name, string targetType = "Object")
    {
        var value = Node.Inputs.TryGetValue(name, out var expression) ? Evaluate(expression, targetType) : null;
        Show(name, value);
        return value;
    }

    /// <summary>Shows a value among the inputs. A copy, because the journal may hold the others.</summary>
    internal void Show(string name, object? value)
    {
        _inputs = [.. _inputs.Where(input => input.Key != name), new(name, value)];
        _showsInputs = true;
    }

    /// <summary>Evaluates the inputs anew and logs <paramref name="eventName"/> even when that fails, as Elsa does.</summary>
    private void EvaluateInputs(string eventName)
    {
        _run.Cause = Id;
        try
        {
            if (Node.Evaluated.Length + Node.Naked.Length > 0)
                EvaluateInputs();
        }
        finally
        {
            _run.Log(this, eventName);
        }
    }

    /// <summary>One that cannot be evaluated ends it: those before it are known.</summary>
    private void EvaluateInputs()
    {
        var (naked, evaluated) = (Node.Naked, Node.Evaluated);
        var (inputs, count) = (new KeyValuePair<string, object?>[naked.Length + evaluated.Length], 0);
        (_inputs, _showsInputs) = (inputs, true);
        foreach (var (name, json) in naked)
            inputs[count++] = new(name, json);
        foreach (var (input, expression) in evaluated)
            try
            {
                inputs[count] = new(input.Name, _run.Evaluator.Evaluate(expression, Scope, input.TypeName));
                count++;
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                _inputs = inputs[..count];
                throw new FaultException($"Failed to evaluate activity input '{input.Name}': {cause.Message}", inner: cause);
            }
    }

    private void Declare(Node node)
    {
        foreach (var variable in node.Variables)
            AddCell(new Cell { Id = variable.Id, Name = variable.Name, Value = variable.Initial, Declared = variable, Persisted = variable.Persisted });
    }

    private void AddCell(Cell cell) => (_cells ??= []).Add(cell);

    private void Restore(Cell stored)
    {
        if (FindCell(stored.Id) is { } declared)
            declared.Value = Typed(declared, stored.Value);
        else
            AddCell(stored);
    }

    internal static object? Typed(Cell cell, object? value) =>
        Plain.Checked(cell.Declared is { } variable ? Conversion.To(value, variable.TypeName, variable.IsArray) : value);
}
