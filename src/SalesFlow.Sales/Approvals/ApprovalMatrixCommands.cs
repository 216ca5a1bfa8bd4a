using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>Changes matrices on the running system. Approvals that are under way keep the levels that they began with.</summary>
public sealed class ApprovalMatrixCommands(ApprovalMatrixQueries queries, UserQueries users, IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    /// <summary>True for those who may save one.</summary>
    public static bool MayEdit(Actor actor) => actor.Is(Roles.ProcessOwner) || actor.Is(Roles.Administrator);

    /// <summary>
    /// Saves the next version, unless the one in force says the same. Refuses what makes no sense (an empty range, nobody to ask, a person who does not work here); gaps and overlaps are told and kept.
    /// </summary>
    public async Task<MatrixView> SaveAsync(string key, ApprovalMatrix matrix, long? expected, Actor actor, CancellationToken cancel)
    {
        var problems = MatrixText.Problems(matrix).ToList();
        if (problems.Count == 0)
            problems.AddRange(Strangers(matrix, new PeopleBook(await users.ByIdAsync(cancel))));
        if (problems.Count > 0)
            throw new ValidationException(problems.GroupBy(problem => problem.Path).ToDictionary(path => path.Key, path => path.Select(problem => problem.Message.In(actor.Language)).ToArray()));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var latest = await ApprovalMatrixQueries.LatestAsync(db, key, cancel);
        if (expected is { } version && version != (latest?.Version ?? 0))
            throw Changed(actor);
        var text = MatrixText.Write(matrix);
        if (latest is null || MatrixText.Write(MatrixText.TryRead(latest.Text, out _) ?? ApprovalMatrix.Empty) != text)
            await AddAsync(db, MatrixVersion.Next(key, latest, text, clock.GetUtcNow(), actor.Name), actor, cancel);
        queries.Forget();
        return await queries.GetAsync(key, null, actor.Language, cancel);
    }

    private static IEnumerable<MatrixProblem> Strangers(ApprovalMatrix matrix, PeopleBook people) =>
        from row in matrix.Rows.Select((row, index) => (row, index))
        from level in row.row.Levels.Select((level, index) => (level, index))
        from who in level.level.Who.Append(level.level.EscalateTo ?? "")
        where who.StartsWith("user:", StringComparison.Ordinal) && !(people.ByName.TryGetValue(who[5..], out var id) && people.ById[id].Active)
        select new MatrixProblem($"rows[{row.index}].levels[{level.index}].who", new($"'{who[5..]}' does not work here. Name somebody from the page People.", $"«{who[5..]}» здесь не работает. Назовите кого-то со страницы «Сотрудники»."));

    private static async Task AddAsync(SalesFlowDb db, MatrixVersion next, Actor actor, CancellationToken cancel)
    {
        db.ApprovalMatrices.Add(next);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // The key holds the version: somebody else has saved this one at the same moment.
            throw Changed(actor);
        }
    }

    private static ChangedMeanwhileException Changed(Actor actor) => new(new Text("The approval matrix has been saved by somebody else since you read it. Read it again.",
        "Матрицу согласования сохранил кто-то другой после того, как вы её открыли. Откройте её ещё раз.").In(actor.Language));
}
