using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Descriptors;

/// <summary>What the editor may choose from: activities, languages, types, strategies; in the language of the request.</summary>
internal static class DescriptorRoutes
{
    public static void MapDescriptors(this IEndpointRouteBuilder api)
    {
        var descriptors = api.MapGroup("/descriptors");
        descriptors.MapGet("/activities", ListAsync);
        descriptors.MapGet("/activities/{typeName}", FindAsync);
        descriptors.MapPost("/activities/{typeName}/options/{input}", OptionsAsync);
        descriptors.MapGet("/expression-descriptors", () => ElsaJson.List(Vocabulary.Expressions));
        descriptors.MapGet("/storage-drivers", () => ElsaJson.Ok(new { items = Vocabulary.StorageDrivers(Language) }));
        descriptors.MapGet("/variables", () => ElsaJson.Ok(new { items = Vocabulary.VariableTypes(Language) }));
        descriptors.MapGet("/workflow-activation-strategies", () => ElsaJson.List(Vocabulary.ActivationStrategies.Select(strategy => strategy.ByTypeName(Language)).ToList()));
        descriptors.MapGet("/incident-strategies", () => ElsaJson.List(Vocabulary.IncidentStrategies.Select(strategy => strategy.ByTypeName(Language)).ToList()));
        descriptors.MapGet("/log-persistence-strategies", () => ElsaJson.List(Vocabulary.LogPersistenceStrategies.Select(strategy => strategy.ByTypeName(Language)).ToList()));
        descriptors.MapGet("/commit-strategies/workflows", () => ElsaJson.List(Vocabulary.WorkflowCommitStrategies.Select(strategy => strategy.ByName(Language)).ToList()));
        descriptors.MapGet("/commit-strategies/activities", () => ElsaJson.List(Vocabulary.ActivityCommitStrategies.Select(strategy => strategy.ByName(Language)).ToList()));
        descriptors.MapGet("/output-converters", Converters);
        api.MapGet("/resilience/strategies", (OutgoingOptions outgoing) => ElsaJson.List(outgoing.Strategies.Select(strategy =>
            new { id = strategy.Key, displayName = strategy.Key, strategy.Value.MaxRetryAttempts, strategy.Value.UseJitter, strategy.Value.Delay, backoffType = $"{strategy.Value.Backoff}" }).ToList()));
        api.MapGet("/resilience/retries/{activityInstanceId}", () => ElsaJson.Page(Array.Empty<object>(), 0));
    }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private static async Task<IResult> ListAsync(ActivityTypes types, CancellationToken cancel) => ElsaJson.List(await types.ListAsync(Language, cancel));

    private static async Task<IResult> FindAsync(string typeName, ActivityTypes types, HttpRequest request, CancellationToken cancel)
    {
        var version = request.Whole("version");
        var found = (await types.ListAsync(Language, cancel)).Where(type => string.Equals(type.TypeName, typeName, StringComparison.OrdinalIgnoreCase) && (version is null || type.Version == version)).MaxBy(type => type.Version);
        return found is null ? Results.NotFound() : ElsaJson.Ok(found);
    }

    /// <summary>Studio asks this some thirty times whenever an activity with such an input is selected.</summary>
    private static async Task<IResult> OptionsAsync(string typeName, string input, ActivityCatalogue catalogue, ChoiceSource choices, CancellationToken cancel)
    {
        if (catalogue.Find(typeName)?.Descriptor is not { } activity)
            return Results.NotFound();
        var live = (await choices.LoadAsync(cancel)).Find(activity.TypeName, input);
        return ElsaJson.Ok(new
        {
            items = live is not null && activity.Inputs.FirstOrDefault(one => one.Name == input) is { } found
                ? InputView.EditorOf(found, Language, [], live) : ImmutableDictionary<string, object?>.Empty,
        });
    }

    private static IResult Converters(HttpRequest request)
    {
        var missing = ((string[])["sourceType", "destinationType"]).Where(name => request.Text(name) is null).Select(name => $"The {name} query parameter is required.").ToList();
        return missing.Count > 0 ? ElsaErrors.BadRequest(missing) : ElsaJson.List(Array.Empty<object>());
    }
}
