using System.Linq.Expressions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Which instances are asked for. Empty lists and texts ask for nothing.</summary>
internal record InstanceFilter
{
    private static readonly char[] LikeSigns = ['%', '_', '\\'];

    public IReadOnlyList<string>? Ids { get; init; }
    public string? SearchTerm { get; init; }
    public string? DefinitionId { get; init; }
    public IReadOnlyList<string>? DefinitionIds { get; init; }
    public IReadOnlyList<string>? DefinitionVersionIds { get; init; }
    public string? CorrelationId { get; init; }
    public IReadOnlyList<string>? CorrelationIds { get; init; }
    public IReadOnlyList<string>? Names { get; init; }
    public int? Version { get; init; }
    public bool? HasIncidents { get; init; }
    public bool? IsSystem { get; init; }
    public WorkflowStatus? Status { get; init; }
    public IReadOnlyList<WorkflowStatus>? Statuses { get; init; }
    public SubStatus? SubStatus { get; init; }
    public IReadOnlyList<SubStatus>? SubStatuses { get; init; }
    public IReadOnlyList<TimestampFilter>? TimestampFilters { get; init; }

    /// <summary>The same from a query string.</summary>
    public static InstanceFilter Of(HttpRequest request) => new()
    {
        Ids = request.Texts("ids"), SearchTerm = request.Text("searchTerm"), DefinitionId = request.Text("definitionId"), DefinitionIds = request.Texts("definitionIds"),
        CorrelationId = request.Text("correlationId"), Version = request.Whole("version"), HasIncidents = request.Flag("hasIncidents"), IsSystem = request.Flag("isSystem"),
        Status = request.Word<WorkflowStatus>("status"), Statuses = request.Words<WorkflowStatus>("statuses"),
        SubStatus = request.Word<SubStatus>("subStatus"), SubStatuses = request.Words<SubStatus>("subStatuses"),
    };

    /// <summary>The rows that fit; the table itself when nothing is asked for. Names of definitions are looked up first, so that a search term finds instances by them.</summary>
    public async Task<IQueryable<InstanceRow>> ApplyAsync(WorkflowDb db, CancellationToken cancel)
    {
        IQueryable<InstanceRow> rows = db.Instances;
        if (IsSystem == true)
            return rows.Where(row => false);
        rows = In(rows, Ids, ElsaIds.Instances(Ids), row => row.Id);
        rows = await OfDefinitionsAsync(db, rows, cancel);
        rows = In(rows, row => row.DefinitionVersionId, null, DefinitionVersionIds);
        rows = In(rows, row => row.CorrelationId!, CorrelationId, CorrelationIds);
        rows = In(rows, row => row.Name!, null, Names);
        if (Version is { } version)
            rows = rows.Where(row => row.DefinitionVersion == version);
        if (HasIncidents is { } bad)
            rows = rows.Where(row => bad ? row.Incidents > 0 : row.Incidents == 0);
        rows = In(rows, Either(Status, Statuses), Either(Status, Statuses).Select(status => (int)status).ToList(), row => row.Status);
        rows = In(rows, Either(SubStatus, SubStatuses), Either(SubStatus, SubStatuses).Select(status => (int)status).ToList(), row => row.SubStatus);
        foreach (var filter in TimestampFilters ?? [])
            rows = (filter ?? throw new ElsaProblemException("timestampFilters", "A condition is null; an object with column, operator and timestamp was expected.")).Apply(rows);
        return SearchTerm?.Trim() is { Length: > 0 } term ? await SearchAsync(db, rows, term, cancel) : rows;
    }

    /// <summary>By the versions of the definitions, since those have an index. No instance outlives its version.</summary>
    private async Task<IQueryable<InstanceRow>> OfDefinitionsAsync(WorkflowDb db, IQueryable<InstanceRow> rows, CancellationToken cancel)
    {
        var wanted = Either(DefinitionId, DefinitionIds).Where(id => !string.IsNullOrEmpty(id)).ToList();
        return wanted.Count == 0 ? rows : In(rows, wanted, await db.Definitions.Where(row => wanted.Contains(row.DefinitionId)).Select(row => row.VersionId).ToListAsync(cancel), row => row.DefinitionVersionId);
    }

    private static async Task<IQueryable<InstanceRow>> SearchAsync(WorkflowDb db, IQueryable<InstanceRow> rows, string term, CancellationToken cancel)
    {
        var names = await db.Definitions.AsNoTracking().Where(row => row.IsLatest || row.IsPublished).Select(row => new { row.DefinitionId, row.Name }).Distinct().ToListAsync(cancel);
        var definitions = names.Where(row => row.DefinitionId.Contains(term, StringComparison.OrdinalIgnoreCase) || row.Name?.Contains(term, StringComparison.OrdinalIgnoreCase) == true)
            .Select(row => row.DefinitionId).Distinct().ToList();
        var (small, id) = (term.ToLowerInvariant(), ElsaIds.Instance(term)?.Value);
        if (definitions.Count > 0)
            return rows.Where(row => row.Search!.Contains(small) || row.Id == id || EF.Constant(definitions).Contains(row.DefinitionId));
        if (id is not null)
            return rows.Where(row => row.Search!.Contains(small) || row.Id == id);
        // Each row is looked at: what no row can meet is not asked, and LIKE is the quickest look, unless it has to mind signs of its own.
        return small.IndexOfAny(LikeSigns) >= 0 ? rows.Where(row => row.Search!.Contains(small)) : rows.Where(row => EF.Functions.Like(row.Search!, $"%{small}%"));
    }

    private static IQueryable<InstanceRow> In(IQueryable<InstanceRow> rows, Expression<Func<InstanceRow, string>> column, string? one, IReadOnlyList<string>? many)
    {
        var wanted = Either(one, many).Where(text => !string.IsNullOrEmpty(text)).ToList();
        return In(rows, wanted, wanted, column);
    }

    /// <summary>Only rows whose column is among the values; all rows when nothing was <paramref name="asked"/> for.</summary>
    private static IQueryable<InstanceRow> In<TAsked, TValue>(IQueryable<InstanceRow> rows, IReadOnlyCollection<TAsked>? asked, IReadOnlyList<TValue> values, Expression<Func<InstanceRow, TValue>> column)
    {
        if (asked is null or { Count: 0 })
            return rows;
        var contains = Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(TValue)], Expression.Constant(values), column.Body);
        return rows.Where(Expression.Lambda<Func<InstanceRow, bool>>(contains, column.Parameters));
    }

    private static List<T> Either<T>(T? one, IReadOnlyList<T>? many) where T : struct => [.. (many ?? []), .. one is { } value ? [value] : Array.Empty<T>()];

    private static List<string> Either(string? one, IReadOnlyList<string>? many) => [.. (many ?? []), .. string.IsNullOrEmpty(one) ? [] : new[] { one }];
}

/// <summary>Elsa's sub-statuses: ours, and that of a server that was stopped in the middle of a turn, which does not happen here.</summary>
internal enum SubStatus { Pending, Executing, Suspended, Finished, Cancelled, Faulted, Interrupted }

/// <summary>A condition on one of the times of an instance.</summary>
internal sealed record TimestampFilter(TimestampColumn Column, TimestampOperator Operator, DateTimeOffset Timestamp)
{
    public IQueryable<InstanceRow> Apply(IQueryable<InstanceRow> rows)
    {
        var row = Expression.Parameter(typeof(InstanceRow), "row");
        var left = Expression.Convert(Expression.Property(row, Column.ToString()), typeof(DateTimeOffset?));
        var right = Expression.Constant((DateTimeOffset?)Timestamp.ToUniversalTime(), typeof(DateTimeOffset?));
        Expression condition = Operator switch
        {
            TimestampOperator.Is => Expression.Equal(left, right),
            TimestampOperator.IsNot => Expression.NotEqual(left, right),
            TimestampOperator.LessThan => Expression.LessThan(left, right),
            TimestampOperator.GreaterThan => Expression.GreaterThan(left, right),
            TimestampOperator.LessThanOrEqual => Expression.LessThanOrEqual(left, right),
            _ => Expression.GreaterThanOrEqual(left, right),
        };
        return rows.Where(Expression.Lambda<Func<InstanceRow, bool>>(condition, row));
    }
}

/// <summary>Names of the columns that a condition may be on.</summary>
internal enum TimestampColumn { CreatedAt, UpdatedAt, FinishedAt }

/// <summary>How a time is compared.</summary>
internal enum TimestampOperator { Is, IsNot, LessThan, GreaterThan, LessThanOrEqual, GreaterThanOrEqual }
