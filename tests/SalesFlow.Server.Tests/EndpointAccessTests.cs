using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Server.Security;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>Nothing is reachable by accident.</summary>
public sealed class EndpointAccessTests : IAsyncDisposable
{
    private readonly string folder;
    private readonly WebApplication app;

    public EndpointAccessTests()
    {
        folder = Directory.CreateTempSubdirectory("salesflow-").FullName;
        app = ServerHost.Build(new ServerOptions { DataFolder = folder });
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static readonly string[] OpenToAll = ["/health/live", "/health/ready", "/account/sign-in", "/api/sign-in", "/account/language", "/sign-in",
        // Links of clients and calendar programs: the secret in the address is the right.
        "/book/{Token}", "/book/{token}/time", "/book/{token}/cancel", "/book/{token}/meeting.ics", "/calendar/{secret}.ics", "/opened/{token}.gif",
        // Links of approvers in letters.
        "/approve/{Token}", "/approve/done", "/approve/{token}/decide",
        // Asks who calls before it looks at anything; WorkflowEndpointTests holds it to that.
        "/workflows/{**path}"];

    private IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    [Fact]
    public void Every_endpoint_and_page_names_who_may_use_it()
    {
        var silent = Endpoints.Where(endpoint => !IsFile(endpoint) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            && !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(rule => rule.Policy is not null || rule.Roles is not null));

        Assert.Empty(silent.Select(endpoint => endpoint.DisplayName));
    }

    [Fact]
    public void Only_signing_in_health_and_files_are_open_to_everybody()
    {
        var open = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null && !IsFile(endpoint))
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Where(path => !path.StartsWith("/_", StringComparison.Ordinal));

        Assert.Empty(open.Except(OpenToAll));
    }

    [Fact]
    public void Every_named_policy_exists()
    {
        var named = Endpoints.SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()).Select(rule => rule.Policy).OfType<string>();

        Assert.Empty(named.Distinct().Except(Policies.RolesOf.Keys));
    }

    // Styles, scripts and pictures carry their content's description.
    private static bool IsFile(RouteEndpoint endpoint) =>
        endpoint.Metadata.Any(item => item.GetType().FullName!.Contains("StaticAsset", StringComparison.Ordinal))
        || endpoint.RoutePattern.RawText is { } path && (path.Contains("{**path:file}", StringComparison.Ordinal) || path.TrimStart('/').StartsWith("_framework/", StringComparison.Ordinal)
            || path.StartsWith("/scalar/", StringComparison.Ordinal) && Path.HasExtension(path));
}
