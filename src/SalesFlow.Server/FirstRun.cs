using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using SalesFlow.Sales;
using SalesFlow.Sales.People;

namespace SalesFlow.Server;

/// <summary>What a server does before its first request: bring the database up to date and make sure that somebody can sign in.</summary>
public static class FirstRun
{
    private const string Administrator = "admin";

    /// <summary>Makes the server ready; safe to repeat.</summary>
    public static async Task PrepareAsync(IServiceProvider services, ServerOptions options, CancellationToken cancel)
    {
        await Company.OpenAsync(services, cancel);
        await using (var scope = services.CreateAsyncScope())
        {
            await AddRolesAsync(scope.ServiceProvider.GetRequiredService<RoleManager<Role>>());
            var admin = await AddAdministratorAsync(scope.ServiceProvider.GetRequiredService<UserManager<User>>(), options);
            if (options.ApiKey is { Length: > 0 } key)
                await services.GetRequiredService<ApiKeyCommands>().EnsureAsync(key, new UserId(admin.Id), "SALESFLOW_API_KEY", cancel);
        }
        services.GetRequiredService<Readiness>().Prepared();
    }

    private static async Task AddRolesAsync(RoleManager<Role> roles)
    {
        foreach (var name in Roles.All)
            if (!await roles.RoleExistsAsync(name))
                Succeed(await roles.CreateAsync(new Role { Name = name }));
    }

    private static async Task<User> AddAdministratorAsync(UserManager<User> users, ServerOptions options)
    {
        if (await users.FindByNameAsync(Administrator) is { } known)
            return known;
        var password = options.AdminPassword ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(9));
        var admin = new User { UserName = Administrator, DisplayName = "Administrator" };
        Succeed(await users.CreateAsync(admin, password));
        Succeed(await users.AddToRoleAsync(admin, Roles.Administrator));
        if (options.AdminPassword is null)
            // To the console alone: the log file must not hold a password.
            Console.WriteLine($"The first administrator is '{Administrator}' with the password {password} (shown only this once).");
        return admin;
    }

    internal static void Succeed(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(string.Join(" ", result.Errors.Select(error => error.Description)));
    }
}
