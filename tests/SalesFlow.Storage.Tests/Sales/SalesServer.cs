using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SalesFlow.Sales;
using SalesFlow.Sales.People;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>The product over one of the databases, without pages and workers.</summary>
internal static class SalesServer
{
    /// <summary>Over the shipped files, or over those of another folder.</summary>
    public static ServiceProvider Over(Action<IServiceCollection> database, TimeProvider clock, string? workflows = null)
    {
        var services = new ServiceCollection().AddSingleton(clock).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSales(new SalesOptions { Workflows = workflows ?? Path.Combine(AppContext.BaseDirectory, "workflows") });
        database(services);
        return services.BuildServiceProvider();
    }

    /// <summary>A SQLite file of its own.</summary>
    public static Task<Action<IServiceCollection>> SqliteAsync(string name)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory($"salesflow-{name}-").FullName, "test.db");
        return Task.FromResult<Action<IServiceCollection>>(services => services.AddSqlite(file));
    }

    /// <summary>A PostgreSQL database of its own.</summary>
    public static async Task<Action<IServiceCollection>> PostgresAsync()
    {
        var connection = await PostgresServer.NewDatabaseAsync();
        return services => services.AddPostgres(connection);
    }

    public static SalesFlowDb Open(IServiceProvider services) => services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContext();

    /// <summary>Adds people with one role each; whoever is among <paramref name="unreachable"/> has no e-mail address.</summary>
    public static async Task HireAsync(SalesFlowDb db, Actor[] people, params Actor[] unreachable)
    {
        string[] roles = [.. people.Select(person => person.Roles.Single()).Distinct()];
        db.Roles.AddRange(roles.Select((name, index) => new Role { Id = index + 1, Name = name, NormalizedName = name.ToUpperInvariant() }));
        foreach (var person in people)
        {
            db.Users.Add(new User
            {
                Id = person.Id.Value, UserName = person.Name, NormalizedUserName = person.Name.ToUpperInvariant(), DisplayName = person.Name, Language = "en",
                Email = unreachable.Contains(person) ? null : $"{person.Name}@vendor.example",
            });
            db.UserRoles.Add(new IdentityUserRole<long> { UserId = person.Id.Value, RoleId = Array.IndexOf(roles, person.Roles.Single()) + 1 });
        }
        await db.SaveChangesAsync();
    }
}
