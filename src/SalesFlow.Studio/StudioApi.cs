using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Studio.Alterations;
using SalesFlow.Studio.Definitions;
using SalesFlow.Studio.Descriptors;
using SalesFlow.Studio.Instances;
using SalesFlow.Studio.Live;
using SalesFlow.Studio.Operation;
using SalesFlow.Studio.Scripting;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio;

/// <summary>Elsa's REST API as Elsa Studio 3.8.2 calls it. The quirks of that wire format stop in this project.</summary>
public static class StudioApi
{
    /// <summary>Where the API is.</summary>
    public const string Path = "/elsa/api";
    /// <summary>The version of Elsa whose answers these are.</summary>
    public const string ElsaVersion = "3.8.2";
    /// <summary>Where the viewer listens: Studio looks for it beside the API.</summary>
    public const string HubPath = "/elsa/hubs/workflow-instance";

    /// <summary>Adds what the endpoints are made of; the runtime must be there, and <typeparamref name="TChoices"/> knows the product's choices.</summary>
    public static IServiceCollection AddElsaApi<TChoices>(this IServiceCollection services) where TChoices : ChoiceSource => services
        .AddSingleton<ChoiceSource, TChoices>().AddSingleton<UsableDefinitions>().AddSingleton<ActivityTypes>().AddSingleton<DefinitionQueries>()
        .AddSingleton<Journals>().AddSingleton<InstanceQueries>().AddSingleton<InstanceCommands>().AddSingleton<Starter>()
        .AddSingleton<RuntimeStatus>().AddSingleton<DashboardQueries>()
        .AddSingleton<AlterationCommands>().AddSingleton<PlanCommands>().AddHostedService(provider => provider.GetRequiredService<PlanCommands>())
        .AddSingleton<LiveInstances>().AddHostedService(provider => provider.GetRequiredService<LiveInstances>()).AddSignalR().Services;

    /// <summary>Maps every endpoint for those whom <paramref name="policy"/> admits: whoever designs the process.</summary>
    public static void MapElsaApi(this IEndpointRouteBuilder app, string policy)
    {
        // Described by Elsa, not by our OpenAPI document.
        var api = app.MapGroup(Path).RequireAuthorization(policy).ExcludeFromDescription().AddEndpointFilter(ElsaErrors.AnswerAsync);
        api.MapGet("/package/version", () => ElsaJson.Ok(new { packageVersion = ElsaVersion }));
        api.MapFeatures();
        api.MapDescriptors();
        api.MapTypeDefinitions();
        api.MapInstances();
        api.MapJournal();
        api.MapExecutions();
        api.MapInterventions();
        api.MapStarts();
        api.MapStimuli();
        api.MapAlterations();
        api.MapTransfers();
        api.MapActivityTests();
        api.MapDefinitions();
        api.MapDefinitionChanges();
        api.MapBulkActions();
        api.MapDefinitionFiles();
        api.MapDefinitionGraph();
        api.MapRuntime();
        api.MapDashboard();
        app.MapHub<InstanceHub>(HubPath).RequireAuthorization(policy);
    }
}
