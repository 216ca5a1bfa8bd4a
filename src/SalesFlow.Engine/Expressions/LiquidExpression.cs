using System.Globalization;
using System.Text;
using Fluid;
using Fluid.Values;

namespace SalesFlow.Engine.Expressions;

/// <summary>A Liquid template; its value is text. A template that cannot be parsed yields the parser's message, as in Elsa.</summary>
internal sealed class LiquidExpression : CompiledExpression
{
    private const int MaxSteps = 100_000;
    private static readonly FluidParser Parser = new();
    private readonly string _source;
    private readonly IFluidTemplate _template;
    private readonly TemplateOptions _options;

    private LiquidExpression(string source, IFluidTemplate template, EngineLimits limits) => (_source, _template, _options) = (source, template, Options(limits));

    public static CompiledExpression Compile(string source, EngineLimits limits)
    {
        if (string.IsNullOrEmpty(source))
            return new ConstantExpression(null);
        try
        {
            return Parser.TryParse(source, out var template, out var error) ? new LiquidExpression(source, new LiquidRanges().VisitTemplate(template), limits) : new MisspelledExpression(error);
        }
        catch (InsufficientExecutionStackException)
        {
            return new MisspelledExpression("The template is nested too deeply.");
        }
    }

    public override object? Evaluate(Scope scope, Evaluator evaluator)
    {
        var context = new TemplateContext(_options) { Now = () => scope.Now, TimeZone = TimeZoneInfo.Utc };
        foreach (var (name, value) in TemplateModel.Of(scope, _source))
            context.SetValue(name, FluidValue.Create(Plain(value), _options));
        LiquidRanges.Until(context, evaluator.Limits.ExpressionTime);
        using var output = new LimitedWriter(evaluator.Limits);
        try
        {
#pragma warning disable CS0618 // The engine is synchronous, and this is the only synchronous way into a writer of our own.
            _template.Render(context, NullEncoder.Default, output);
#pragma warning restore CS0618
            return output.ToString();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var reason = error.Message.Contains("steps", StringComparison.OrdinalIgnoreCase) ? $"it took more steps than the limit of {MaxSteps:N0}" : error.Message.TrimEnd('.');
            throw new FaultException($"Liquid expression `{Conversion.Shorten(_source)}` failed: {reason}.", inner: error);
        }
    }

    private static object? Plain(object? value) => TemplateModel.Copy(value, pairs => pairs.ToDictionary(p => p.Key, p => p.Value), items => items.ToList());

    private static TemplateOptions Options(EngineLimits limits)
    {
        var options = new TemplateOptions { MaxSteps = MaxSteps, MaxRecursion = limits.ExpressionRecursion, CultureInfo = CultureInfo.InvariantCulture, TimeZone = TimeZoneInfo.Utc };
        options.Assigned = (_, value, _) => Within(value, limits);
        options.Captured = (_, value, _) => Within(value, limits);
        options.Filters.AddFilter("base64", (input, _, _) => StringValue.Create(Convert.ToBase64String(Encoding.UTF8.GetBytes(input.ToStringValue()))));
        options.Filters.AddFilter("keys", (input, _, context) => FluidValue.Create(Keys(input), context.Options));
        LimitJoin(options.Filters, limits);
        return options;
    }

    /// <summary>The one filter that makes a huge text of two small values in one step.</summary>
    private static void LimitJoin(FilterCollection filters, EngineLimits limits)
    {
        if (filters.TryGetValue("join", out var join))
            filters.AddFilter("join", (input, arguments, context) =>
                (long)arguments.At(0).ToStringValue().Length * input.Enumerate(context).Count() > limits.ExpressionOutput
                    ? throw new FaultException($"'join' would write more than the limit of {limits.ExpressionOutput:N0} characters")
                    : join(input, arguments, context));
    }

    private static IEnumerable<string> Keys(FluidValue input) => input.ToObjectValue() is IFluidIndexable members ? members.Keys : [];

    private static FluidValue Within(FluidValue value, EngineLimits limits) => value is StringValue && value.ToStringValue().Length > limits.ExpressionOutput
        ? throw new FaultException($"a text is longer than the limit of {limits.ExpressionOutput:N0} characters") : value;
}

/// <summary>A template with a mistake: its value is the message.</summary>
internal sealed class MisspelledExpression(string mistake) : CompiledExpression
{
    public override string? Mistake => mistake;
    public override object? Evaluate(Scope scope, Evaluator evaluator) => mistake;
}

/// <summary>Takes text until the limits of output and of time.</summary>
internal sealed class LimitedWriter(EngineLimits limits) : StringWriter(CultureInfo.InvariantCulture)
{
    private readonly long _started = System.Diagnostics.Stopwatch.GetTimestamp();

    public override void Write(char value)
    {
        Check(1);
        base.Write(value);
    }

    public override void Write(string? value)
    {
        Check(value?.Length ?? 0);
        base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Check(count);
        base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Check(buffer.Length);
        base.Write(buffer);
    }

    private void Check(int more)
    {
        if (GetStringBuilder().Length + more > limits.ExpressionOutput)
            throw new FaultException($"it wrote more than the limit of {limits.ExpressionOutput:N0} characters");
        if (System.Diagnostics.Stopwatch.GetElapsedTime(_started) > limits.ExpressionTime)
            throw new FaultException($"it ran longer than the limit of {limits.ExpressionTime.TotalSeconds:0.###} s");
    }
}
