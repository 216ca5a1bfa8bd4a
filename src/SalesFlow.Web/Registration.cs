using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using SalesFlow.Web.People;

namespace SalesFlow.Web;

/// <summary>Adds the pages to a host.</summary>
public static class Registration
{
    /// <summary>Adds the components, their texts and MudBlazor; the host maps <see cref="App"/> and owns the cookie.</summary>
    public static IServiceCollection AddSalesFlowPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddLocalization();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            options.SnackbarConfiguration.PreventDuplicates = true;
        });
        return services.AddTransient<MudLocalizer, MudTexts>().AddSingleton<LiveUpdates>()
            .AddScoped<CurrentActor>().AddScoped<BrowserTime>().AddScoped<Words>();
    }
}
