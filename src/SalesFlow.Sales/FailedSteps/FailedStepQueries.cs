using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.FailedSteps;

/// <summary>Steps of processes that were given up, for those who may try them again.</summary>
public sealed class FailedStepQueries(IDbContextFactory<SalesFlowDb> databases)
{
    /// <summary>Those of the newest instances first.</summary>
    public async Task<Page<FailedStepView>> ListAsync(int limit, string? cursor, Actor actor, CancellationToken cancel)
    {
        FailedStepCommands.Demand(actor);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var failed = db.Outbox.AsNoTracking().Where(row => row.Attempts >= WorkflowRuntime.MostAttempts);
        if (Cursor.ReadPair(cursor) is var (instance, number))
            failed = failed.Where(row => row.InstanceId < instance || (row.InstanceId == instance && row.Number < number));
        var rows = await failed.OrderByDescending(row => row.InstanceId).ThenByDescending(row => row.Number).Take(Cursor.Limit(limit) + 1).ToListAsync(cancel);
        var ids = rows.Select(row => new DealId(row.InstanceId)).Distinct().ToList();
        var deals = await db.Deals.Where(deal => ids.Contains(deal.Id)).Select(deal => new { deal.Id, deal.Number, deal.Title }).ToDictionaryAsync(deal => deal.Id, cancel);
        return Cursor.Page(rows, limit, row =>
        {
            var (letter, deal) = (DeadLetter.Of(row), deals.GetValueOrDefault(new DealId(row.InstanceId)));
            return new FailedStepView(IdOf(row), row.Kind, StepWords.Of(row.Kind).In(actor.Language), $"{row.InstanceId}", deal?.Id.ToString(), deal?.Number, deal?.Title, row.Attempts, row.LastError, letter.GivenUpAt);
        }, IdOf);
    }

    private static string IdOf(OutboxRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.InstanceId}-{row.Number}");
}
