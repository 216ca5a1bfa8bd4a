using Microsoft.Extensions.DependencyInjection;

namespace SalesFlow.Sales;

/// <summary>Where the sales domain finds its files.</summary>
public sealed class SalesOptions
{
    /// <summary>Folder of the shipped definitions, with calendars/ and templates/ below it.</summary>
    public string Workflows { get; set; } = "workflows";
    /// <summary>The calendar of that folder by which working time is measured.</summary>
    public string Calendar { get; set; } = "ru";
    /// <summary>Legal entity that issues the documents; numbers run within it.</summary>
    public string LegalEntity { get; set; } = "SF";
}

/// <summary>Adds the sales domain to a host.</summary>
public static class Registration
{
    /// <summary>Adds commands, queries, activities and effect handlers; the runtime and the database are added by the host.</summary>
    public static IServiceCollection AddSales(this IServiceCollection services, SalesOptions options) => services
        .AddSingleton(options)
        .AddSingleton<Deals.DealCommands>().AddSingleton<Deals.DealQueries>()
        .AddSingleton<Tasks.TaskCommands>().AddSingleton<Tasks.TaskQueries>()
        .AddSingleton<Documents.DocumentQueries>()
        .AddSingleton<Pipelines.PipelineQueries>()
        .AddSingleton<Metrics.MetricsQueries>()
        .AddSingleton<People.UserQueries>().AddSingleton<People.ApiKeyCommands>()
        .AddSingleton<Requests.IdempotencyCommands>();
}
