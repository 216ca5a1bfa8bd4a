#pragma warning disable RS0030 // Fluid's expressions are asynchronous by signature; ours complete at once.
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace SalesFlow.Engine.Expressions;

/// <summary>Rewrites a parsed template so that both ends of every range are small: Fluid makes the whole list of <c>(1..2000000000)</c> before it counts a step.</summary>
internal sealed class LiquidRanges : AstRewriter
{
    private const int MaxEnd = 100_000;
    private const string DeadlineKey = "deadline";

    /// <summary>Evaluations of ranges in this context stop when the time is over.</summary>
    public static void Until(TemplateContext context, TimeSpan limit) =>
        context.AmbientValues[DeadlineKey] = (System.Diagnostics.Stopwatch.GetTimestamp(), limit);

    /// <inheritdoc />
    protected override Fluid.Ast.Expression VisitRangeExpression(RangeExpression rangeExpression) =>
        new RangeExpression(new RangeEnd(Visit(rangeExpression.From)), new RangeEnd(Visit(rangeExpression.To)));

    private sealed class RangeEnd(Fluid.Ast.Expression end) : Fluid.Ast.Expression
    {
        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            if (context.AmbientValues.TryGetValue(DeadlineKey, out var deadline) && deadline is (long started, TimeSpan limit) && System.Diagnostics.Stopwatch.GetElapsedTime(started) > limit)
                throw new FaultException($"it ran longer than the limit of {limit.TotalSeconds:0.###} s");
            var value = await end.EvaluateAsync(context);
            return Math.Abs(value.ToNumberValue()) <= MaxEnd ? value : throw new FaultException($"a range may reach to the limit of {MaxEnd:N0}, this one reaches to {value.ToStringValue()}");
        }
    }
}
