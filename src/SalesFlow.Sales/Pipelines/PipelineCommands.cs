using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Changes the stages of a running system: each call makes, validates and publishes the next version of the definition.</summary>
public sealed class PipelineCommands(PipelineQueries queries, FollowCommands follow, DefinitionStore definitions)
{
    /// <summary>Changes a stage.</summary>
    public Task<PipelineChange> ChangeStageAsync(string key, string stage, StageChange change, ChangeMode mode, Actor actor, CancellationToken cancel) => EditAsync(key, mode, actor, (document, published) =>
    {
        change.Check(PipelineWords.Of(published), actor.Language);
        if (!StageEdit.Change(document, stage, change))
            throw NoStage(key, stage, published, actor.Language);
    }, document => StageEdit.Change(document, stage, change), cancel);

    /// <summary>Puts a stage with one task in.</summary>
    public Task<PipelineChange> AddStageAsync(string key, NewStage added, ChangeMode mode, Actor actor, CancellationToken cancel) => EditAsync(key, mode, actor, (document, published) =>
    {
        var pipeline = Pipeline.Of(published);
        var errors = added.Stage.Errors(PipelineWords.Of(published), actor.Language);
        if (StageChange.KeyProblem(added.Key, pipeline) is { } problem)
            errors["key"] = [problem.In(actor.Language)];
        if (StageEdit.AnchorOf(document, pipeline, added.After) is not { } anchor)
            errors["after"] = [new Text($"The pipeline has no stage '{added.After}'.", $"В воронке нет этапа «{added.After}».").In(actor.Language)];
        else if (errors.Count == 0)
            StageEdit.Add(document, added, anchor);
        if (errors.Count > 0)
            throw new ValidationException(errors);
    }, draft => Redraw(draft, added), cancel);

    /// <summary>Takes a stage out. Refused for the only one, for one that the rules of others need, and while deals stand there unless they may stay on their version.</summary>
    public async Task<PipelineChange> RemoveStageAsync(string key, string stage, ChangeMode mode, Actor actor, CancellationToken cancel) => await EditAsync(key, mode, actor, (document, published) =>
    {
        var pipeline = Pipeline.Of(published);
        if (pipeline.Find(stage) is null)
            throw NoStage(key, stage, published, actor.Language);
        if (pipeline.Stages.Length == 1)
            throw Refused("onlyStage", new("It is the only stage of the pipeline.", "Это единственный этап воронки."), new("Put another one in first.", "Сначала добавьте другой."), actor);
        if (StageEdit.NeededBy(pipeline, PipelineWords.Of(published), stage) is [var other, ..])
            throw Refused("ruleNeedsStage", new($"A rule of the stage '{other.En}' demands a task of this stage.", $"Правило этапа «{other.Ru}» требует задачи этого этапа."),
                new("Take that rule out first.", "Сначала уберите это правило."), actor);
        StageEdit.Remove(document, stage);
    }, draft => StageEdit.Remove(draft, stage), cancel, async () =>
    {
        if (!mode.DealsStay && !mode.DryRun && await queries.DealsInAsync(key, stage, cancel) is > 0 and var standing)
            throw Refused("dealsInStage", new($"{standing} running deals stand in this stage.", $"На этом этапе открытых сделок: {standing}."),
                new("Move them on, or let them stay on their version (dealsStay).", "Переведите их или оставьте на прежней версии (dealsStay)."), actor);
    });

    /// <summary>Publishes what an older version said once more: the way back.</summary>
    public Task<PipelineChange> RestoreAsync(string key, int version, ChangeMode mode, Actor actor, CancellationToken cancel) => EditAsync(key, mode, actor, (_, _) => { }, _ => { }, cancel, null, version);

    /// <summary>Lets running deals follow the published version.</summary>
    public async Task<PipelineChange> FollowAsync(string key, Actor actor, CancellationToken cancel)
    {
        var published = await queries.PublishedAsync(key, cancel);
        var followed = await follow.FollowAsync(published, actor.Id, cancel);
        return new(PipelineQueries.View(Pipeline.Of(published), actor.Language), [], await follow.AffectedAsync(published, actor.Language, cancel), followed, []);
    }

    private async Task<PipelineChange> EditAsync(string key, ChangeMode mode, Actor actor, Action<JsonObject, WorkflowDefinition> edit, Action<JsonObject> redraw, CancellationToken cancel,
        Func<Task>? demand = null, int? restored = null)
    {
        var published = await queries.PublishedAsync(key, cancel);
        DemandVersion(mode, published, actor);
        var document = DefinitionDocument.Parse(restored is { } version ? await queries.DocumentAsync(key, version, cancel) : published.Document);
        edit(document, published);
        if (demand is not null)
            await demand();
        try
        {
            var (checkedOne, warnings) = await definitions.CheckAsync((JsonObject)document.DeepClone(), cancel);
            var diff = PipelineDiff.Between(Pipeline.Of(published), Pipeline.Of(checkedOne)).Select(sentence => sentence.In(actor.Language)).ToImmutableArray();
            if (mode.DryRun)
                return new(PipelineQueries.View(Pipeline.Of(published), actor.Language), diff, await follow.AffectedAsync(checkedOne, actor.Language, cancel), 0, warnings);
            var publication = await definitions.ReplaceAsync(document, published.VersionId, redraw, new Editor(actor.Id.ToString(), actor.Name), cancel) ?? throw Changed(published, actor);
            var now = await definitions.VersionAsync(publication.Definition.VersionId, cancel);
            var followed = mode.Follow ? await follow.FollowAsync(now, actor.Id, cancel) : 0;
            return new(PipelineQueries.View(Pipeline.Of(now), actor.Language), diff, await follow.AffectedAsync(now, actor.Language, cancel), followed, publication.Warnings);
        }
        catch (BrokenDefinitionException broken)
        {
            throw new ValidationException(new Dictionary<string, string[]> { ["definition"] = [.. broken.Words] });
        }
    }

    /// <summary>A draft in which the stage before is there and the new one is not gets it too; any other stays as it is.</summary>
    private static void Redraw(JsonObject draft, NewStage added)
    {
        if (!StageEdit.Has(draft, added.Key) && added.After is { Length: > 0 } after && StageEdit.IdOf(draft, after) is { } anchor)
            StageEdit.Add(draft, added, anchor);
    }

    private static void DemandVersion(ChangeMode mode, WorkflowDefinition published, Actor actor)
    {
        if (mode.ExpectedVersion is { } expected && expected != published.Version)
            throw Changed(published, actor);
    }

    private static ChangedMeanwhileException Changed(WorkflowDefinition published, Actor actor) => new(new Text(
        $"The pipeline '{published.DefinitionId}' has been published anew since you read it (version {published.Version} or later). Read it again.",
        $"Воронка «{published.DefinitionId}» опубликована заново после того, как вы её открыли (версия {published.Version} или новее). Откройте её ещё раз.").In(actor.Language));

    /// <summary>What is said of a stage that the published version does not have.</summary>
    internal static NotFoundException NoStage(string key, string stage, WorkflowDefinition published, string language)
    {
        var known = string.Join(", ", Pipeline.Of(published).Stages.Select(known => known.Key));
        return new(new Text($"The pipeline '{key}' has no stage '{stage}'. It has: {known}.", $"В воронке «{key}» нет этапа «{stage}». Есть: {known}.").In(language));
    }

    private static RefusedException Refused(string code, Text message, Text fix, Actor actor) =>
        new(message.In(actor.Language), [new Obstacle(code, message.In(actor.Language), fix.In(actor.Language))]);
}
