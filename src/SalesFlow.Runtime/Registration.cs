using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>Adds the runtime to a host that brings a database, a <see cref="TurnStore"/>, a <see cref="FactsSource"/> and a <see cref="ChangeWriter"/>.</summary>
public static class Registration
{
    /// <summary>Adds it with the product's activities.</summary>
    public static IServiceCollection AddWorkflowRuntime(this IServiceCollection services, IEnumerable<Activity> activities) => services
        .AddOptions()
        .AddSingleton(provider => provider.GetRequiredService<IOptions<ScheduleOptions>>().Value).AddSingleton(provider => provider.GetRequiredService<IOptions<OutgoingOptions>>().Value)
        .AddSingleton(provider => provider.GetRequiredService<IOptions<IncomingOptions>>().Value)
        .AddSingleton(provider => new ActivityCatalogue(activities, TimeZoneInfo.FindSystemTimeZoneById(provider.GetRequiredService<ScheduleOptions>().TimeZone)))
        .AddSingleton<HttpExchanges>().AddSingleton<EffectHandler, HttpResponseEffects>().AddSingleton<EffectHandler, HttpEffects>()
        .AddSingleton(provider => Interpreter(provider.GetService<IConfiguration>()))
        .AddSingleton<DefinitionStore>().AddSingleton<EffectKinds>().AddSingleton<TurnFeed>().AddSingleton<WorkflowRuntime>()
        .AddSingleton<Workers>().AddHostedService(provider => provider.GetRequiredService<Workers>());

    private static Interpreter Interpreter(IConfiguration? configuration) => new(
        flowcharts: Choice(configuration, "Flowchart:ExecutionMode", FlowchartMode.CounterBased, FlowchartMode.TokenBased),
        logs: Choice(configuration, "LogPersistence:Mode", LogPersistence.Include, LogPersistence.Exclude));

    /// <summary>One of two modes; the first one when the configuration says nothing.</summary>
    internal static T Choice<T>(IConfiguration? configuration, string key, T first, T second) where T : struct, Enum => configuration?[key] switch
    {
        null or "" => first,
        var name when name == first.ToString() => first,
        var name when name == second.ToString() => second,
        var name => throw new InvalidOperationException($"{key} is '{name}'; expected {first} or {second}."),
    };
}
