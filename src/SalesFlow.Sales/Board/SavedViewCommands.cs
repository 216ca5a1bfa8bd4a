using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Board;

/// <summary>The views of the board that a person has kept.</summary>
public sealed class SavedViewCommands(IDbContextFactory<SalesFlowDb> databases)
{
    private const int Most = 20, LongestName = 60, LongestQuery = 500;

    /// <summary>The actor's own, by name.</summary>
    public async Task<IReadOnlyList<SavedView>> ListAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return Read(await db.Settings.AsNoTracking().SingleOrDefaultAsync(setting => setting.Key == Key(actor), cancel));
    }

    /// <summary>Keeps a view; one of the same name is replaced.</summary>
    public Task<IReadOnlyList<SavedView>> KeepAsync(SavedView view, Actor actor, CancellationToken cancel)
    {
        var name = view.Name.Trim();
        if (name.Length is 0 or > LongestName)
            throw new ValidationException("name", new Engine.Text($"A name has 1 to {LongestName} characters.", $"В названии от 1 до {LongestName} знаков.").In(actor.Language));
        if (view.Query.Length > LongestQuery || view.Query.Contains("//", StringComparison.Ordinal))
            throw new ValidationException("query", new Engine.Text("That is no query of a board.", "Это не адрес доски.").In(actor.Language));
        return ChangeAsync(views => [.. views.Where(other => other.Name != name), new(name, view.Query)], actor, cancel);
    }

    /// <summary>Forgets a view; one that is not there is no mistake.</summary>
    public Task<IReadOnlyList<SavedView>> ForgetAsync(string name, Actor actor, CancellationToken cancel) => ChangeAsync(views => [.. views.Where(other => other.Name != name)], actor, cancel);

    private async Task<IReadOnlyList<SavedView>> ChangeAsync(Func<List<SavedView>, List<SavedView>> change, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var key = Key(actor);
        var setting = await db.Settings.SingleOrDefaultAsync(known => known.Key == key, cancel);
        var views = change(Read(setting)).OrderBy(view => view.Name, StringComparer.CurrentCulture).ToList();
        if (views.Count > Most)
            throw new ValidationException("name", new Engine.Text($"At most {Most} views are kept. Forget one first.", $"Хранится не больше {Most} видов. Сначала удалите один.").In(actor.Language));
        if (setting is null)
            db.Settings.Add(setting = new Setting { Key = key });
        setting.Value = Json.Write(views);
        await db.SaveChangesAsync(cancel);
        return views;
    }

    private static string Key(Actor actor) => string.Create(CultureInfo.InvariantCulture, $"board-views:{actor.Id.Value}");

    private static List<SavedView> Read(Setting? setting) => setting is null ? [] : Json.Read<List<SavedView>>(setting.Value);
}
