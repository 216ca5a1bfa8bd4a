using SalesFlow.Server.Security;
using SalesFlow.Web;

namespace SalesFlow.Server;

/// <summary>The pages for people, and the files they need.</summary>
internal static class Pages
{
    public static void AddPages(this IServiceCollection services) => services.AddSalesFlowPages();

    public static void MapPages(this WebApplication app)
    {
        var manifest = Path.Combine(AppContext.BaseDirectory, "SalesFlow.Server.staticwebassets.endpoints.json");
        var pages = app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(Policies.SignedIn);
        if (File.Exists(manifest))
        {
            app.MapStaticAssets(manifest).AllowAnonymous();
            pages.WithStaticAssets(manifest);
        }
    }
}
