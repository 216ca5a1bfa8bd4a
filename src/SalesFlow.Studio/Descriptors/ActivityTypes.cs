using Microsoft.Extensions.Options;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Descriptors;

/// <summary>Every activity type that a definition may use, as Studio shows it.</summary>
internal sealed class ActivityTypes(ActivityCatalogue catalogue, UsableDefinitions definitions, DefinitionStore store, ChoiceSource choices, IOptions<ToolboxOptions> toolbox, TimeProvider clock)
{
    // Studio reads the whole list again after every save.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Generation, DateTimeOffset At, IReadOnlyList<ActivityView> Types)> _kept = [];

    /// <summary>All of them in one language, at most a moment old.</summary>
    public async Task<IReadOnlyList<ActivityView>> ListAsync(string language, CancellationToken cancel)
    {
        var (generation, now) = (store.Generation, clock.GetUtcNow());
        lock (_lock)
            if (_kept.TryGetValue(language, out var kept) && kept.Generation == generation && now - kept.At < Freshness)
                return kept.Types;
        var types = await MakeAsync(language, cancel);
        lock (_lock)
            _kept[language] = (generation, now, types);
        return types;
    }

    private async Task<IReadOnlyList<ActivityView>> MakeAsync(string language, CancellationToken cancel)
    {
        var live = await choices.LoadAsync(cancel);
        // What is not listed is drawn as Elsa draws a type whose module is missing.
        var own = catalogue.All.Where(activity => toolbox.Value.HostCode || !activity.Descriptor.IsHostCode).Select(activity => ActivityView.Of(activity.Descriptor, language, live)).ToList();
        // Studio refuses two types of one name and version.
        return [.. own.Concat(ActivityView.Hidden(language)).Concat(await definitions.ListAsync(language, cancel)).DistinctBy(type => (type.TypeName, type.Version))];
    }
}
