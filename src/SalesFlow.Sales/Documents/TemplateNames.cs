using System.Collections.Immutable;
using Scriban.Runtime;

namespace SalesFlow.Sales.Documents;

/// <summary>What a name of a template stands for: members that it has, or null where anything may follow.</summary>
internal sealed record NameTree(ImmutableSortedDictionary<string, NameTree>? Members)
{
    public static readonly NameTree Open = new((ImmutableSortedDictionary<string, NameTree>?)null);

    public static NameTree Of(params IEnumerable<string> members) => new(members.ToImmutableSortedDictionary(name => name, _ => Open, StringComparer.Ordinal));

    public NameTree With(string name, NameTree tree) => new((Members ?? ImmutableSortedDictionary.Create<string, NameTree>(StringComparer.Ordinal)).SetItem(name, tree));
}

/// <summary>The names that templates may use: the data of a document, our functions and Scriban's.</summary>
internal static class TemplateNames
{
    /// <summary>What a template is given, as <see cref="DocumentValues"/> fills it.</summary>
    public static readonly NameTree Given = NameTree.Of("number", "issued_at", "language", "documents")
        .With("deal", NameTree.Of("id", "number", "title", "amount", "currency", "channel", "owner", "pipeline", "createdAt", "state", "fields"))
        .With("client", NameTree.Of("id", "name", "inn", "contact", "email", "phone"));

    /// <summary>Functions, and groups of them.</summary>
    public static readonly NameTree Functions = FunctionTree();

    /// <summary>Everything that may begin an expression; parts are also given what they are put around.</summary>
    public static NameTree Of(bool isPart)
    {
        var all = Functions;
        foreach (var (name, tree) in Given.Members!)
            all = all.With(name, tree);
        return isPart ? all.With("content", NameTree.Open) : all;
    }

    /// <summary>The candidate that is most like a word; null when none is.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var (best, distance) = ((string?)null, Math.Max(2, word.Length / 3) + 1);
        foreach (var candidate in candidates)
            if (candidate.Length <= 100 && word.Length <= 100 && Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant()) is var far && far < distance)
                (best, distance) = (candidate, far);
        return best;
    }

    private static NameTree FunctionTree()
    {
        var tree = NameTree.Of([.. new DocumentWords("en", TimeZoneInfo.Utc).Functions().Keys, "layout", "for", "while", "tablerow", "this"]);
        foreach (var (name, value) in TemplateSandbox.Builtins())
            tree = tree.With(name, value is ScriptObject group ? NameTree.Of(group.Keys) : NameTree.Open);
        // Our functions are no groups: date.now would be a mistake.
        foreach (var name in new DocumentWords("en", TimeZoneInfo.Utc).Functions().Keys)
            tree = tree.With(name, NameTree.Of());
        return tree;
    }

    /// <summary>How many letters to put in, take out, replace or swap with their neighbour (Levenshtein and Damerau; optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
                cost[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, Math.Min(cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1),
                    i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] ? cost[i - 2, j - 2] + 1 : int.MaxValue));
        return cost[a.Length, b.Length];
    }
}
