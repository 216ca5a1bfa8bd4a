using System.Runtime.CompilerServices;
using Scriban;

namespace SalesFlow.Engine.Expressions;

/// <summary>A Scriban template as an expression; its value is text.</summary>
internal sealed class ScribanExpression(string source, Template template) : CompiledExpression
{
    private static readonly ConditionalWeakTable<EngineLimits, TemplateRenderer> Renderers = [];

    public static CompiledExpression Compile(string source)
    {
        if (string.IsNullOrEmpty(source))
            return new ConstantExpression(null);
        var template = Template.Parse(source);
        return TemplateRenderer.Mistake(template) is { } mistake
            ? new BrokenExpression($"Scriban expression `{Conversion.Shorten(source)}` cannot be read: {mistake}")
            : new ScribanExpression(source, template);
    }

    public override object? Evaluate(Scope scope, Evaluator evaluator)
    {
        try
        {
            return Renderers.GetValue(evaluator.Limits, limits => new TemplateRenderer(limits)).Render(template, TemplateModel.Of(scope, source), "", scope.Now);
        }
        catch (FaultException fault)
        {
            throw new FaultException($"Scriban expression `{Conversion.Shorten(source)}`: {fault.Message}", inner: fault);
        }
    }
}
