using System.Text.RegularExpressions;
using Acornima;
using Acornima.Ast;
using Jint;
using Jint.Runtime;

namespace SalesFlow.Engine.Expressions;

/// <summary>A script: closures when it is plain, and a prepared script for a pooled engine when it is more.</summary>
internal sealed class JavaScriptExpression : CompiledExpression
{
    private static readonly ParserOptions Parsing = new() { AllowReturnOutsideFunction = true };
    private readonly string _source;
    private readonly PlainStep? _plain;
    private readonly Lazy<Whole> _whole;

    private sealed record Whole(Prepared<Script> Script, ScriptGlobals Globals);

    private JavaScriptExpression(string source, PlainStep? plain, EngineLimits limits) =>
        (_source, _plain, _whole) = (source, plain, new(() => Prepare(source, limits)));

    /// <summary>Whether the closures may answer without an engine.</summary>
    public bool IsPlain => _plain is not null;

    public override IReadOnlyList<string> Globals => _whole.Value.Globals.Names;

    public static CompiledExpression Compile(string source, EngineLimits limits, bool allowPlain = true)
    {
        if (string.IsNullOrWhiteSpace(source))
            return new ConstantExpression(null);
        try
        {
            var script = new Parser(Parsing).ParseScript(source);
            var expression = new JavaScriptExpression(source, allowPlain ? PlainScript.Compile(script) : null, limits);
            if (!expression.IsPlain)
                _ = expression._whole.Value;
            return expression;
        }
        catch (ParseErrorException error)
        {
            return new BrokenExpression(Failure(source, $"{error.Description} (line {error.LineNumber}, column {error.Column + 1})"));
        }
        catch (Exception error) when (error is ScriptPreparationException or InsufficientExecutionStackException)
        {
            return new BrokenExpression(Failure(source, error is InsufficientExecutionStackException ? "it is nested too deeply to be parsed" : error.Message));
        }
    }

    public override object? Evaluate(Scope scope, Evaluator evaluator)
    {
        if (_plain is not null)
        {
            var frame = new PlainFrame(scope);
            var value = _plain(ref frame);
            if (!frame.GaveUp && value.TryResult(out var result) && !(result is string text && text.Length > evaluator.Limits.ExpressionOutput))
                return result;
        }
        return Run(scope, evaluator);
    }

    private object? Run(Scope scope, Evaluator evaluator)
    {
        var realm = evaluator.Rent();
        try
        {
            var whole = _whole.Value;
            var result = realm.Run(whole.Script, whole.Globals, scope);
            evaluator.Return(realm);
            return result;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Only an error of the script itself leaves the engine in a known state.
            if (error is JavaScriptException)
                evaluator.Return(realm);
            else
                realm.Dispose();
            throw new FaultException(Failure(_source, Reason(error, evaluator.Limits)), inner: error);
        }
    }

    private static Whole Prepare(string source, EngineLimits limits)
    {
        var options = ScriptPreparationOptions.Default with
        {
            CollectReferencedGlobals = true,
            ParsingOptions = ScriptParsingOptions.Default with { AllowReturnOutsideFunction = true, RegexTimeout = limits.ExpressionTime / 2 },
        };
        var script = Jint.Engine.PrepareScript(source, "expression", false, options);
        return new(script, new ScriptGlobals(source, script.ReferencedGlobals!));
    }

    private static string Reason(Exception error, EngineLimits limits) => error switch
    {
        JavaScriptException script => $"{script.Message} (line {script.Location.Start.Line}, column {script.Location.Start.Column + 1})",
        RegexMatchTimeoutException => $"a regular expression ran longer than the limit of {limits.ExpressionTime.TotalSeconds / 2:0.###} s",
        TimeoutException or ExecutionCanceledException => $"it ran longer than the limit of {limits.ExpressionTime.TotalSeconds:0.###} s",
        MemoryLimitExceededException => $"it used more memory than the limit of {limits.ExpressionMemory:N0} bytes",
        StatementsCountOverflowException => "it executed more statements than the limit of 1,000,000",
        RecursionDepthOverflowException => $"its calls are nested deeper than the limit of {limits.ExpressionRecursion}",
        PromiseRejectedException rejected => rejected.Message,
        InsufficientExecutionStackException => $"its calls are nested deeper than the limit of {limits.ExpressionRecursion}",
        _ => error.Message,
    };

    private static string Failure(string source, string reason) => $"JavaScript expression `{Conversion.Shorten(source)}` failed: {reason}.";
}
