namespace SalesFlow.Server;

/// <summary>The pages for people, and the files they need.</summary>
internal static class Pages
{
    public static void AddPages(this IServiceCollection services) => services.AddRazorComponents().AddInteractiveServerComponents();

    public static void MapPages(this WebApplication app)
    {
        var manifest = Path.Combine(AppContext.BaseDirectory, "SalesFlow.Server.staticwebassets.endpoints.json");
        if (File.Exists(manifest))
            app.MapStaticAssets(manifest).AllowAnonymous();
    }
}
