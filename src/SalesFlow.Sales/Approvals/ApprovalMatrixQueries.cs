using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Sales.Approvals;

/// <summary>Finds approval matrices. Those in force are kept for a moment: every turn of a deal may ask for them.</summary>
public sealed class ApprovalMatrixQueries(IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    /// <summary>The matrix that shipped processes decide by.</summary>
    public const string Terms = "terms";
    /// <summary>The activity that decides by a matrix.</summary>
    public const string UsedBy = "SalesFlow.Approval";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private volatile Known known = new(ImmutableDictionary<string, MatrixInForce>.Empty, DateTimeOffset.MinValue);

    /// <summary>The matrices in force as of the last <see cref="RefreshAsync"/>, by key.</summary>
    internal ImmutableDictionary<string, MatrixInForce> InForce => known.Matrices;

    /// <summary>Makes the next look read anew: a matrix has just changed.</summary>
    internal void Forget() => known = known with { At = DateTimeOffset.MinValue };

    /// <summary>Reads the matrices in force, unless that was done moments ago.</summary>
    public async Task<ImmutableDictionary<string, MatrixInForce>> RefreshAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (known is { } kept && now >= kept.At && now - kept.At < Freshness)
            return kept.Matrices;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var before = known.Matrices;
        var heads = await Latest(db).Select(m => new { m.Key, m.Version }).ToListAsync(cancel);
        var matrices = heads.Count == before.Count && heads.All(head => before.TryGetValue(head.Key, out var same) && same.Version == head.Version) ? before
            : (await Latest(db).ToListAsync(cancel)).ToImmutableDictionary(m => m.Key, Parsed);
        known = new(matrices, now);
        return matrices;
    }

    /// <summary>A version of a matrix with what is found in it; the one in force when none is named, an empty one of version 0 when there is none at all.</summary>
    public async Task<MatrixView> GetAsync(string key, int? version, string language, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = version is null ? await LatestAsync(db, key, cancel) : await db.ApprovalMatrices.AsNoTracking().SingleOrDefaultAsync(m => m.Key == key && m.Version == version, cancel);
        if (found is null && version is not null)
            throw new NotFoundException($"The approval matrix '{key}' has no version {version}.");
        var matrix = found is null ? ApprovalMatrix.Empty : Parsed(found).Matrix;
        return new(key, found?.Version ?? 0, found?.At, found?.By, matrix, MatrixFindingView.Of(matrix, language));
    }

    /// <summary>The version in force; null when there is none.</summary>
    internal static Task<MatrixVersion?> LatestAsync(SalesFlowDb db, string key, CancellationToken cancel) =>
        db.ApprovalMatrices.AsNoTracking().Where(m => m.Key == key).OrderByDescending(m => m.Version).FirstOrDefaultAsync(cancel);

    /// <summary>The texts in force by key.</summary>
    internal static async Task<ImmutableSortedDictionary<string, string>> TextsAsync(SalesFlowDb db, CancellationToken cancel) =>
        (await Latest(db).ToListAsync(cancel)).ToImmutableSortedDictionary(m => m.Key, m => m.Text, StringComparer.Ordinal);

    private static IQueryable<MatrixVersion> Latest(SalesFlowDb db) => db.ApprovalMatrices.AsNoTracking().Where(m => !db.ApprovalMatrices.Any(newer => newer.Key == m.Key && newer.Version > m.Version));

    private static MatrixInForce Parsed(MatrixVersion kept) => new(MatrixText.TryRead(kept.Text, out var problem)
        ?? throw new InvalidOperationException($"Version {kept.Version} of the approval matrix '{kept.Key}' cannot be read: {problem}"), kept.Version);

    private sealed record Known(ImmutableDictionary<string, MatrixInForce> Matrices, DateTimeOffset At);
}
