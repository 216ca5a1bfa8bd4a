using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Digests;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

public sealed partial class DealQueries
{
    /// <summary>How many open deals that the actor sees have no next action.</summary>
    public async Task<int> CountWithoutNextActionAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Idle(db, Visible(db, actor)).CountAsync(cancel);
    }

    /// <summary>The fields of a deal's process, each with its value and whether the next stage needs it now.</summary>
    public async Task<ImmutableArray<DealFieldView>> FieldsAsync(DealId id, Actor actor, CancellationToken cancel)
    {
        if (await facts.FindAsync(id, cancel) is not { } known || !DealAccess.MaySee(known.Deal, actor))
            throw DealAccess.NotFound(id);
        var pipeline = Pipeline.Of(await definitions.VersionAsync(known.Deal.DefinitionVersionId, cancel));
        return DealFields.Of(known.Deal, pipeline, actor);
    }

    /// <summary>How long nothing has happened to a deal that is quiet.</summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromDays(7);

    /// <summary>Those of the deals that need a look for that reason.</summary>
    internal static IQueryable<Deal> Needing(SalesFlowDb db, IQueryable<Deal> deals, Attention what, DateTimeOffset now, WorkingCalendar calendar, PeopleBook people)
    {
        var (since, broken) = (now - Quiet, DigestDay.Yesterday(now, calendar).From);
        return what switch
        {
            Attention.Quiet => deals.Where(d => d.WonAt == null && d.LostAt == null && db.Tasks.Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open)
                && !db.Journal.Any(turn => turn.InstanceId == DealKeys.Instance(d.Id) && turn.At > since && turn.Tells)),
            Attention.Overdue => deals.Where(d => db.Tasks.Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open && t.WaitingSince == null && t.DueAt < now)),
            Attention.Unattended => deals.Where(d => Unattended(db, people, now).Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id))),
            _ => deals.Where(d => db.PassedRules.Any(p => p.DealId == d.Id && p.Severity == Severity.Hard && p.At >= broken)),
        };
    }

    /// <summary>Open tasks for which nobody is there.</summary>
    internal static IQueryable<SalesTask> Unattended(SalesFlowDb db, PeopleBook people, DateTimeOffset now)
    {
        var away = people.NotThere(now).Select(person => (UserId?)person).ToList();
        var roles = Roles.All.Where(role => people.IsAnyoneThere(role, now)).ToList();
        return db.Tasks.Where(t => t.Status == SalesTaskStatus.Open && t.WaitingSince == null && (away.Contains(t.Assignee) || t.Assignee == null && t.CandidateRole != null && !roles.Contains(t.CandidateRole)));
    }

    // A deal whose only tasks wait for the client has its next action all the same: to ask again.
    internal static IQueryable<Deal> Idle(SalesFlowDb db, IQueryable<Deal> deals) =>
        deals.Where(d => d.WonAt == null && d.LostAt == null && !db.Tasks.Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open));
}

/// <summary>A field of a deal on its page. <paramref name="RequiredNow"/>: the rules of the stage ask for it; <paramref name="Missing"/>: and it is not filled in. <paramref name="MayEdit"/>: whoever reads may change it.</summary>
public sealed record DealFieldView(FormFieldView Field, object? Value, bool RequiredNow, bool Missing, bool MayEdit);

/// <summary>The fields of a deal as its process knows them.</summary>
internal static class DealFields
{
    /// <summary>What the forms of the process ask for, and whatever else the deal holds; what the stage needs now comes first.</summary>
    public static ImmutableArray<DealFieldView> Of(Deal deal, Pipeline pipeline, Actor actor)
    {
        var needed = deal.State is DealState.Open && pipeline.Find(deal.StageKey) is { } stage ? Needed(stage) : [];
        var mayEdit = deal.State is DealState.Open && DealAccess.MayChange(deal, actor);
        var known = deal.Tasks.OrderByDescending(task => task.Id).SelectMany(task => task.Form).Concat(pipeline.Fields).DistinctBy(field => field.Field)
            .Where(field => !DealPatch.Names.Contains(field.Field)).ToList();
        var unknown = deal.Fields.Keys.Concat(needed).Distinct().Where(name => !DealPatch.Names.Contains(name) && !known.Exists(field => field.Field == name))
            .Select(name => new FormField(name, FieldWords.Label(name, deal), FieldType.Text, false, []));
        return [.. known.Select(field => (field, Known: true)).Concat(unknown.Select(field => (field, Known: false)))
            .Select(one => View(one.field with { Required = false, RequiredFor = null, OnlyFor = null }, one.Known && mayEdit, deal, needed, actor.Language))
            .OrderBy(view => view.Missing ? 0 : view.RequiredNow ? 1 : 2)];
    }

    private static DealFieldView View(FormField field, bool mayEdit, Deal deal, HashSet<string> needed, string language)
    {
        var (value, now) = (deal.Fields.GetValueOrDefault(field.Field), needed.Contains(field.Field));
        return new(FormFieldView.Of(field, language), value, now, now && !FieldCondition.IsFilled(deal, field.Field), mayEdit);
    }

    private static HashSet<string> Needed(Stage stage) => [.. StageRule.Atoms(stage.Rules.Where(rule => rule.Severity != Severity.Measured)).SelectMany(atom => atom switch
    {
        RequiredFields required => required.Fields,
        FieldCondition { Is: not Comparison.Empty } condition => [condition.Field],
        _ => ImmutableArray<string>.Empty,
    })];
}
