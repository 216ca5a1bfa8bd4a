using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>Something that a matrix may not say, with the path of where it says so.</summary>
public sealed record MatrixProblem(string Path, Text Message);

/// <summary>A matrix as JSON, in files and in the database, and what it may not say.</summary>
public static partial class MatrixText
{
    private const int MostRows = 100, MostLevels = 10, MostPeople = 20, MostValues = 60, LongestWord = 200;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, ReadCommentHandling = JsonCommentHandling.Skip, NewLine = "\n",
    };

    /// <summary>The text of a matrix.</summary>
    public static string Write(ApprovalMatrix matrix) => JsonSerializer.Serialize(matrix, Options);

    /// <summary>The matrix that a text says; null with the reason when it is none.</summary>
    public static ApprovalMatrix? TryRead(string text, out string? problem)
    {
        try
        {
            var matrix = JsonSerializer.Deserialize<ApprovalMatrix>(text, Options);
            problem = matrix is null ? "null is no matrix" : Problems(matrix).Select(found => $"{found.Path}: {found.Message.En}").FirstOrDefault();
            return problem is null ? matrix : null;
        }
        catch (JsonException broken)
        {
            problem = broken.Message;
            return null;
        }
    }

    /// <summary>Everything that is wrong with it.</summary>
    public static IEnumerable<MatrixProblem> Problems(ApprovalMatrix matrix)
    {
        if (matrix.Rows.Length > MostRows)
            return [new("rows", new($"There are {matrix.Rows.Length} rows; at most {MostRows} are kept.", $"Строк: {matrix.Rows.Length}; хранится не больше {MostRows}."))];
        return Problems(matrix.Standard).Concat(matrix.Rows.SelectMany((row, index) => Problems(row, $"rows[{index}]"))).Concat(TooMany(matrix, TermNames.Product)).Concat(TooMany(matrix, TermNames.Segment));
    }

    private static IEnumerable<MatrixProblem> Problems(StandardTerms standard)
    {
        foreach (var (term, value) in new[] { (TermNames.Discount, standard.Discount), (TermNames.Margin, standard.Margin), (TermNames.PaymentDays, standard.PaymentDays) })
            if (Bounds(term) is var (least, most) && (value < least || value > most))
                yield return new($"standard.{term}", new($"{TermNames.Label(term).En} lies between {least} and {most}.", $"{TermNames.Label(term).Ru}: от {least} до {most}."));
        if (standard.PaymentTerms?.Length > LongestWord)
            yield return new("standard.paymentTerms", new($"Write at most {LongestWord} characters.", $"Напишите не больше {LongestWord} знаков."));
    }

    private static (decimal Least, decimal Most) Bounds(string term) => (term == TermNames.Margin ? -1_000_000m : 0, term is TermNames.Discount or TermNames.Margin ? 100 : 1_000_000_000_000m);

    private static IEnumerable<MatrixProblem> TooMany(ApprovalMatrix matrix, string term)
    {
        var count = matrix.Rows.SelectMany(row => row?.When?.Values(term) ?? []).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        if (count > MostValues)
            yield return new("rows", new($"{TermNames.Label(term).En}: {count} values; at most {MostValues} can be told apart.", $"{TermNames.Label(term).Ru}: значений {count}; различается не больше {MostValues}."));
    }

    private static IEnumerable<MatrixProblem> Problems(ApprovalRow? row, string path)
    {
        if (row?.When is null || row.Levels.IsDefault)
            return [new(path, new("Has no \"when\" or no \"levels\"; expected {\"when\": {}, \"levels\": []}.", "Нет \"when\" или \"levels\"; ожидается {\"when\": {}, \"levels\": []}."))];
        var problems = TermNames.Conditions.SelectMany(term => Problems(term, row.When, $"{path}.when.{term}"));
        if (row.Levels.Length > MostLevels)
            return problems.Append(new($"{path}.levels", new($"There are {row.Levels.Length} levels; at most {MostLevels} are asked.", $"Уровней: {row.Levels.Length}; спрашивается не больше {MostLevels}.")));
        problems = problems.Concat(row.Levels.SelectMany((level, index) => Problems(level, $"{path}.levels[{index}]")));
        return row.Levels.GroupBy(level => level?.Key).Where(same => same.Key is not null && same.Count() > 1)
            .Aggregate(problems, (all, same) => all.Append(new($"{path}.levels", new($"The level '{same.Key}' comes twice.", $"Уровень «{same.Key}» повторяется."))));
    }

    private static IEnumerable<MatrixProblem> Problems(string term, TermConditions when, string path)
    {
        if (when.Values(term).Length > MostValues)
            yield return new(path, new($"There are {when.Values(term).Length} values; at most {MostValues} can be told apart.", $"Значений {when.Values(term).Length}; различается не больше {MostValues}."));
        else if (when.Values(term).Any(value => string.IsNullOrWhiteSpace(value) || value.Length > LongestWord))
            yield return new(path, new($"Write words of 1 to {LongestWord} characters.", $"Напишите слова длиной от 1 до {LongestWord} знаков."));
        if (when.Range(term) is not { } range)
            yield break;
        var (least, most) = Bounds(term);
        if (new[] { range.Over, range.UpTo }.Any(bound => bound < least || bound > most) || range.Over >= most)
            yield return new(path, new($"{TermNames.Label(term).En}: bounds lie between {least} and {most}.", $"{TermNames.Label(term).Ru}: границы от {least} до {most}."));
        else if (range.Over >= range.UpTo)
            yield return new(path, new($"{TermNames.Label(term).En}: over {range.Over} and up to {range.UpTo} holds for nothing.", $"{TermNames.Label(term).Ru}: больше {range.Over} и до {range.UpTo} — таких значений нет."));
    }

    private static IEnumerable<MatrixProblem> Problems(ApprovalLevel? level, string path)
    {
        if (level?.Key is null || !Key().IsMatch(level.Key))
        {
            yield return new($"{path}.key", new("Give a key of Latin letters, digits and hyphens, such as finance.", "Задайте ключ из латинских букв, цифр и дефисов, например finance."));
            yield break;
        }
        if (string.IsNullOrWhiteSpace(level.Name?.Ru) || string.IsNullOrWhiteSpace(level.Name.En) || level.Name.Ru.Length > LongestWord || level.Name.En.Length > LongestWord)
            yield return new($"{path}.name", new($"Give a name in Russian and English of at most {LongestWord} characters.", $"Задайте название по-русски и по-английски, не длиннее {LongestWord} знаков."));
        if (level.Who.IsDefaultOrEmpty || level.Who.Length > MostPeople)
            yield return new($"{path}.who", new($"Name 1 to {MostPeople} roles or people.", $"Назовите от 1 до {MostPeople} ролей или сотрудников."));
        else if (level.Who.FirstOrDefault(who => !IsWho(who)) is { } wrong)
            yield return new($"{path}.who", Unknown(wrong));
        if (level.Mode == ApprovalMode.Quorum != level.Quorum is not null || level.Quorum is < 1 or > MostPeople)
            yield return new($"{path}.quorum", new($"A quorum, and only a quorum, says how many must agree: 1 to {MostPeople}.", $"Кворум — и только он — задаёт, сколько голосов нужно: от 1 до {MostPeople}."));
        if (level.Hours is <= 0 or > 10_000 or double.NaN || level.Hours is null != level.EscalateTo is null)
            yield return new($"{path}.hours", new("Say after how many working hours (more than 0, at most 10000) the question goes to whom; both or neither.", "Укажите, через сколько рабочих часов (больше 0, не больше 10000) и кому передать; либо оба, либо ничего."));
        if (level.EscalateTo is { } to && !IsWho(to))
            yield return new($"{path}.escalateTo", Unknown(to));
    }

    private static Text Unknown(string who) => new($"'{who}' is nobody; expected role:approver (roles: {string.Join(", ", Roles.All)}) or user:name.", $"«{who}» — никто; ожидается role:approver (роли: {string.Join(", ", Roles.All)}) или user:имя.");

    private static bool IsWho(string? who) => who is { Length: <= LongestWord } && (who.StartsWith("role:", StringComparison.Ordinal) ? Roles.All.Contains(who[5..]) : who.StartsWith("user:", StringComparison.Ordinal) && who.Length > 5);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]
    private static partial Regex Key();
}
