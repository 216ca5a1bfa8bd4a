using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;
using SalesFlow.Sales;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Demo;

/// <summary>The demo company's people. Their names say that they are no real ones.</summary>
internal sealed class DemoPeople
{
    /// <summary>Everybody's password, printed when the server starts; a demo guards nothing.</summary>
    public const string Password = "demo-demo-demo";

    private static readonly (string Name, string DisplayName, string Role)[] Staff =
    [
        ("demo.head", "Демо Ольга Руднева", Roles.HeadOfSales),
        ("demo.rep1", "Демо Анна Белова", Roles.Rep), ("demo.rep2", "Демо Борис Гусев", Roles.Rep), ("demo.rep3", "Демо Вера Дёмина", Roles.Rep),
        ("demo.rep4", "Демо Глеб Ершов", Roles.Rep), ("demo.rep5", "Демо Дина Жукова", Roles.Rep), ("demo.rep6", "Демо Егор Зимин", Roles.Rep),
        ("demo.approver1", "Демо Инна Котова", Roles.Approver), ("demo.approver2", "Демо Кирилл Лосев", Roles.Approver),
        ("demo.owner", "Демо Лев Марков", Roles.ProcessOwner),
    ];

    private readonly ImmutableArray<Actor> actors;

    private DemoPeople(IEnumerable<Actor> actors) => this.actors = [.. actors];

    /// <summary>Hires those who are not there yet.</summary>
    public static async Task<DemoPeople> HireAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var actors = new List<Actor>();
        foreach (var (name, displayName, role) in Staff)
        {
            var user = await users.FindByNameAsync(name);
            if (user is null)
            {
                user = new User { UserName = name, DisplayName = displayName, Team = "Demo" };
                FirstRun.Succeed(await users.CreateAsync(user, Password));
                FirstRun.Succeed(await users.AddToRoleAsync(user, role));
            }
            actors.Add(new Actor(new UserId(user.Id), displayName, [role], "ru"));
        }
        return new DemoPeople(actors);
    }

    /// <summary>The sign-ins, one a line, for the console.</summary>
    public static IEnumerable<string> SignIns => Staff.Select(person => $"  {person.Name,-15} {Password}   {person.Role}");

    /// <summary>The one of the reps with this number.</summary>
    public Actor Rep(int number) => OfRole(Roles.Rep, number);

    /// <summary>Sign-in name of a rep.</summary>
    public static string RepName(int number) => $"demo.rep{(number % 6) + 1}";

    /// <summary>Who does a task: its assignee, or one of those who may claim it.</summary>
    public Actor DoerOf(string? assignee, IEnumerable<string> candidates, int number)
    {
        var index = Array.FindIndex(Staff, person => person.Name == assignee);
        if (index >= 0)
            return actors[index];
        return OfRole(candidates.FirstOrDefault() ?? Roles.HeadOfSales, number);
    }

    private Actor OfRole(string role, int number)
    {
        var fitting = actors.Where(actor => actor.Is(role)).ToArray();
        return fitting.Length == 0 ? actors[0] : fitting[number % fitting.Length];
    }
}
