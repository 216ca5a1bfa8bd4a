using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using SalesFlow.Engine;
using SalesFlow.Sales;
using SalesFlow.Server.Http;
using SalesFlow.Server.Mails;
using SalesFlow.Server.Routes;
using SalesFlow.Server.Security;
using SalesFlow.Studio;
using SalesFlow.Studio.Page;
using Scalar.AspNetCore;

namespace SalesFlow.Server;

/// <summary>Puts the server together: what it is made of, then what a request passes on its way.</summary>
public static class ServerHost
{
    private const int LargestBody = 12 * 1024 * 1024;

    /// <summary>The server, not yet started.</summary>
    public static WebApplication Build(ServerOptions options, TimeProvider? clock = null)
    {
        Directory.CreateDirectory(Path.GetFullPath(options.DataFolder));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseUrls(options.Urls);
        // `dotnet run` finds the styles and scripts of the packages through their manifest, whatever the environment is called.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        Settings.AddTo(builder, options);
        Logs.AddTo(builder, options);
        AddServices(builder.Services, options, clock ?? TimeProvider.System);
        var app = builder.Build();
        Use(app);
        Map(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, ServerOptions options, TimeProvider clock)
    {
        services.AddSingleton(clock);
        services.AddCompany(options);
        // Sales itself knows no server; this one stands over its own.
        services.AddSingleton(provider => new PublicAddress(() => AddressOf(provider, options), () => provider.GetRequiredService<IOptions<SmtpOptions>>().Value.SetSender));
        services.AddSignIn();
        services.AddAntiforgery();
        services.AddElsaApi<StudioChoices>().AddStudioPage();
        services.AddMails(options);
        services.AddPages();
        services.AddWorkflowEndpoints();
        services.AddBookings();
        services.AddApproving();
        services.AddOpenApi();
        services.AddSingleton<Readiness>().AddSingleton<Failures>().AddSingleton<Idempotency>();
        services.AddExceptionHandler<Failures>().AddProblemDetails();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => DescribeJson(json.SerializerOptions));
        services.AddHealthChecks().AddCheck<Readiness>("ready");
        services.Configure<RequestLocalizationOptions>(languages =>
            languages.SetDefaultCulture("ru").AddSupportedCultures("ru", "en").AddSupportedUICultures("ru", "en"));
    }

    /// <summary>What was set, else the first address that the server listens on; before it listens, the one it was told to.</summary>
    private static string? AddressOf(IServiceProvider provider, ServerOptions options) => provider.GetRequiredService<IConfiguration>()[Settings.PublicAddress] is { Length: > 0 } set ? set
        : provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? options.Urls.Split(';')[0];

    /// <summary>The wire's JSON: camel case, enums as words, and no property that nobody knows.</summary>
    internal static void DescribeJson(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.Converters.Add(new PlainText());
        json.Converters.Add(new PlainObject());
        json.Converters.Add(new PlainElement());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static void Use(WebApplication app)
    {
        app.UseRefusalLog();
        app.UseSecurityHeaders();
        app.UseRequestLocalization();
        app.UseExceptionHandler();
        app.UseWhen(IsForPrograms, programs => programs.UseStatusCodePages(context => Problems.WriteForStatusAsync(context.HttpContext)));
        app.UseWhen(http => !http.IsForPrograms(), people => people.UseStatusCodePagesWithReExecute("/not-found"));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseCrossSiteGuard();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseFormGuard();
        var idempotency = app.Services.GetRequiredService<Idempotency>();
        // What a workflow answers may be any file, and is the workflow's to repeat.
        app.UseWhen(http => !http.Request.Path.StartsWithSegments(HttpEndpointRules.BasePath), ours => ours.Use((http, next) => idempotency.InvokeAsync(http, next)));
    }

    private static void Map(WebApplication app)
    {
        app.MapHealth();
        app.MapSignIn();
        app.MapOpenApi().RequireAuthorization(Policies.SignedIn);
        app.MapScalarApiReference(scalar => scalar.WithTitle("SalesFlow").DisableDefaultFonts()).RequireAuthorization(Policies.SignedIn);
        var api = app.MapGroup("/api");
        api.MapDeals();
        api.MapTasks();
        api.MapPipelines();
        api.MapStages();
        api.MapDocuments();
        api.MapSets();
        api.MapSeeds();
        api.MapTemplates();
        api.MapApprovals();
        api.MapMetrics();
        api.MapPeople();
        api.MapHours();
        api.MapFailedSteps();
        api.MapMentions();
        api.MapBoard();
        api.MapMails();
        api.MapDigest();
        api.MapMeetings();
        api.MapNotifications();
        app.MapElsaApi(Policies.DesignProcess);
        app.MapStudioPage(Policies.DesignProcess);
        app.MapBookings();
        app.MapOpenings();
        app.MapApproving();
        app.MapWorkflows();
        app.MapPages();
    }

    /// <summary>True for paths that programs use; the others are pages for people.</summary>
    private static bool IsForPrograms(this HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/openapi") || http.Request.Path.StartsWithSegments("/health")
        || http.Request.Path.StartsWithSegments("/account") || http.Request.Path.StartsWithSegments(StudioApi.Path) || http.Request.Path.StartsWithSegments(HttpEndpointRules.BasePath);
}
