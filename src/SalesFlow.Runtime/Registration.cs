using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>Adds the runtime to a host that brings a database, a <see cref="TurnStore"/>, a <see cref="FactsSource"/> and a <see cref="ChangeWriter"/>.</summary>
public static class Registration
{
    /// <summary>Adds it with the product's activities.</summary>
    public static IServiceCollection AddWorkflowRuntime(this IServiceCollection services, IEnumerable<Activity> activities) => services
        .AddSingleton(new ActivityCatalogue(activities))
        .AddSingleton(provider => new Interpreter(flowcharts: Flowcharts(provider.GetService<IConfiguration>()?["Flowchart:ExecutionMode"])))
        .AddSingleton<DefinitionStore>().AddSingleton<EffectKinds>().AddSingleton<TurnFeed>().AddSingleton<WorkflowRuntime>()
        .AddSingleton<Workers>().AddHostedService(provider => provider.GetRequiredService<Workers>());

    internal static FlowchartMode Flowcharts(string? mode) => string.IsNullOrEmpty(mode) ? FlowchartMode.CounterBased
        : Enum.TryParse<FlowchartMode>(mode, out var known) && Enum.IsDefined(known) ? known
        : throw new InvalidOperationException($"Flowchart:ExecutionMode is '{mode}'; expected {nameof(FlowchartMode.CounterBased)} or {nameof(FlowchartMode.TokenBased)}.");
}
