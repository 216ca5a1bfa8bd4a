using Acornima;
using Acornima.Ast;

namespace SalesFlow.Engine.Expressions;

/// <summary>What one evaluation of a plain script carries: where to read, and whether it gave up in favour of the engine.</summary>
internal struct PlainFrame(Scope scope)
{
    public readonly Scope Scope = scope;
    public bool GaveUp;

    public PlainValue GiveUp()
    {
        GaveUp = true;
        return PlainValue.Undefined;
    }
}

internal delegate PlainValue PlainStep(ref PlainFrame frame);

/// <summary>
/// Compiles the everyday subset of JavaScript (reads, literals, operators) into closures. Nothing in the subset has side effects, so whatever it meets
/// that it does not know (an object in arithmetic, a missing member) makes it give up, and the engine evaluates the whole script instead.
/// </summary>
internal static class PlainScript
{
    /// <summary>The closures, or null when the script is more than the subset.</summary>
    public static PlainStep? Compile(Script script) => script.Body.Count != 1 ? null : script.Body[0] switch
    {
        ExpressionStatement statement => Step(statement.Expression),
        ReturnStatement { Argument: { } argument } => Step(argument),
        _ => null,
    };

    private static PlainStep? Step(Acornima.Ast.Expression node) => node switch
    {
        NumericLiteral literal => Constant(PlainValue.Of(literal.Value)),
        StringLiteral literal => Constant(PlainValue.Of(literal.Value)),
        BooleanLiteral literal => Constant(PlainValue.Of(literal.Value)),
        NullLiteral => Constant(PlainValue.Null),
        ParenthesizedExpression inner => Step(inner.Expression),
        Identifier name => ReadFact(name.Name),
        LogicalExpression logical => Logical(logical),
        BinaryExpression binary => PlainOperators.Binary(binary.Operator, Step(binary.Left), Step(binary.Right)),
        UnaryExpression { Prefix: true } unary and not UpdateExpression => PlainOperators.Unary(unary.Operator, Step(unary.Argument)),
        ConditionalExpression choice => Choice(Step(choice.Test), Step(choice.Consequent), Step(choice.Alternate)),
        MemberExpression { Optional: false } member => Member(member),
        CallExpression { Optional: false, Callee: Identifier callee } call => Call(callee.Name, call),
        ArrayExpression array => List(array),
        _ => null,
    };

    private static PlainStep Constant(PlainValue value) => (ref PlainFrame _) => value;

    private static PlainStep ReadFact(string name)
    {
        if (name == "undefined")
            return Constant(PlainValue.Undefined);
        return (ref PlainFrame frame) => frame.Scope.Facts.Names.Contains(name) ? PlainValue.From(frame.Scope.Facts.Read(name)) : frame.GiveUp();
    }

    private static PlainStep? Logical(LogicalExpression node)
    {
        if (Step(node.Left) is not { } left || Step(node.Right) is not { } right)
            return null;
        return node.Operator switch
        {
            Operator.LogicalAnd => (ref PlainFrame frame) => left(ref frame) is var value && value.IsTruthy ? right(ref frame) : value,
            Operator.LogicalOr => (ref PlainFrame frame) => left(ref frame) is var value && value.IsTruthy ? value : right(ref frame),
            Operator.NullishCoalescing => (ref PlainFrame frame) => left(ref frame) is var value && value.Kind <= PlainKind.Null ? right(ref frame) : value,
            _ => null,
        };
    }

    private static PlainStep? Choice(PlainStep? test, PlainStep? then, PlainStep? otherwise) => test is null || then is null || otherwise is null
        ? null
        : (ref PlainFrame frame) => test(ref frame).IsTruthy ? then(ref frame) : otherwise(ref frame);

    private static PlainStep? Member(MemberExpression node)
    {
        var name = node.Property switch
        {
            Identifier identifier when !node.Computed => identifier.Name,
            StringLiteral literal when node.Computed => literal.Value,
            _ => null,
        };
        if (name is null)
            return null;
        if (node.Object is Identifier { Name: "variables" })
            return node.Computed ? null : ReadVariable(name, missingIsUndefined: true);
        return Step(node.Object) is not { } target ? null
            : (ref PlainFrame frame) => target(ref frame).TryMember(name, out var member) ? member : frame.GiveUp();
    }

    private static PlainStep ReadVariable(string name, bool missingIsUndefined) => (ref PlainFrame frame) =>
    {
        var value = frame.Scope.GetVariable(name, out var found);
        return found ? PlainValue.From(value) : missingIsUndefined ? frame.GiveUp() : PlainValue.Null;
    };

    private static PlainStep? Call(string function, CallExpression call)
    {
        var argument = call.Arguments.Count == 1 && call.Arguments[0] is StringLiteral literal ? literal.Value : null;
        if (argument is not null)
            return function switch
            {
                "getVariable" => ReadVariable(argument, missingIsUndefined: false),
                "getInput" => (ref PlainFrame frame) => PlainValue.From(frame.Scope.GetInput(argument)),
                _ => null,
            };
        return call.Arguments.Count == 0 && !ScriptHost.Names.Contains(function) && Accessors.Subject(function, "get") is { } subject ? Accessor(subject) : null;
    }

    private static PlainStep Accessor(string subject) => (ref PlainFrame frame) =>
    {
        if (Accessors.Variable(frame.Scope, subject) is { } variable)
            return PlainValue.From(frame.Scope.GetVariable(variable, out _));
        return Accessors.Input(frame.Scope, subject) is { } input ? PlainValue.From(frame.Scope.GetInput(input)) : frame.GiveUp();
    };

    private static PlainStep? List(ArrayExpression node)
    {
        var steps = new PlainStep[node.Elements.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            if (node.Elements[i] is not { } element || Step(element) is not { } step)
                return null;
            steps[i] = step;
        }
        return (ref PlainFrame frame) =>
        {
            var items = new object?[steps.Length];
            for (var i = 0; i < items.Length; i++)
                if (!steps[i](ref frame).TryResult(out items[i]))
                    return frame.GiveUp();
            return PlainValue.List(items);
        };
    }
}
