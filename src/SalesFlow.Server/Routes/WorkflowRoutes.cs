using System.Threading.Channels;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>The address of the workflows' own HTTP endpoints. Who may call one is decided by its activity, within what the host allows.</summary>
internal static class WorkflowRoutes
{
    public const string RateLimit = "workflows";

    /// <summary>Open to routing only: <see cref="WorkflowEndpoints"/> asks who calls before it looks at anything.</summary>
    public static void MapWorkflows(this IEndpointRouteBuilder app) =>
        app.Map(HttpEndpointRules.BasePath + "/{**path}", (HttpContext http, WorkflowEndpoints endpoints) => endpoints.AnswerAsync(http))
            .AllowAnonymous().RequireRateLimiting(RateLimit).ExcludeFromDescription();

    public static void AddWorkflowEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<WorkflowEndpoints>().AddSingleton<DefinitionCheck, EndpointPolicyCheck>();
        services.AddOptions<RateLimiterOptions>().Configure<IncomingOptions>((limits, incoming) => limits.AddPolicy(RateLimit, http =>
            RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress, _ => new FixedWindowRateLimiterOptions { PermitLimit = incoming.RequestsPerMinute, Window = TimeSpan.FromMinutes(1) })));
    }
}

/// <summary>Takes a request to the endpoint that it means and waits for the response.</summary>
internal sealed class WorkflowEndpoints(WorkflowRuntime runtime, HttpExchanges exchanges, TurnFeed feed, IncomingOptions options, IAuthorizationService authorization, TimeProvider clock)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(10);

    public async Task AnswerAsync(HttpContext http)
    {
        if (!SignedIn(http) && !options.AllowAnonymous)
        {
            await WriteStatusAsync(http, StatusCodes.Status401Unauthorized);
            return;
        }
        var path = http.Request.Path.Value![HttpEndpointRules.BasePath.Length..];
        var aim = WorkflowRequest.AimOf(http.Request);
        await (await runtime.FindHttpEndpointAsync(http.Request.Method, path, aim, http.RequestAborted) switch
        {
            HttpLookup.Found found => AnswerAsync(http, path, found, aim),
            HttpLookup.Nothing { OtherMethods: { Count: > 0 } others } => WriteNotAllowedAsync(http, others),
            HttpLookup.Nothing => WriteStatusAsync(http, StatusCodes.Status404NotFound),
            _ => Problems.WriteAsync(http, StatusCodes.Status409Conflict, $"Several instances wait at '{http.Request.Path}'. Say which one is meant by the query workflowInstanceId or correlationId, or by the header X-Workflow-Instance-Id or X-Correlation-Id."),
        });
    }

    private async Task AnswerAsync(HttpContext http, string path, HttpLookup.Found endpoint, HttpAim aim)
    {
        if (await RefusalOfAsync(http, endpoint.Rules) is { } status)
        {
            await WriteStatusAsync(http, status);
            return;
        }
        using var exchange = exchanges.Open();
        var request = await WorkflowRequest.ReadAsync(http, exchange.Id, path, endpoint.Rules, options.MaxRequestBytes);
        if (request.Refusal is { } refusal && endpoint.Rules.Outcomes?.Contains(refusal) != true)
        {
            await WriteRefusalAsync(http, refusal, endpoint.Rules);
            return;
        }
        var outcome = await runtime.ReceiveAsync(endpoint, request, aim.CorrelationId);
        if (outcome is null)
            await WriteStatusAsync(http, StatusCodes.Status404NotFound);
        else
            await FinishAsync(http, exchange, outcome.Instance, endpoint.Rules);
    }

    /// <summary>Null, or the status that says why this caller may not.</summary>
    private async Task<int?> RefusalOfAsync(HttpContext http, HttpEndpointRules rules)
    {
        if (!SignedIn(http))
            return rules.Authorize || rules.Policy is not null ? StatusCodes.Status401Unauthorized : null;
        var policy = rules.Policy ?? Policies.SignedIn;
        if (!Policies.RolesOf.ContainsKey(policy) || !(await authorization.AuthorizeAsync(http.User, policy)).Succeeded)
            return StatusCodes.Status403Forbidden;
        // Any method may start something here, so that a link on another site's page must not act with a person's cookie.
        return CrossSiteGuard.IsForeign(http.Request) && !ApiKeyHandler.IsUsedBy(http.Request) ? StatusCodes.Status403Forbidden : null;
    }

    /// <summary>Waits for the response as long as something is under way that may give it.</summary>
    private async Task FinishAsync(HttpContext http, HttpExchange exchange, InstanceId instance, HttpEndpointRules rules)
    {
        var until = clock.GetUtcNow() + Shorter(rules.RequestTimeout ?? options.Timeout, LongestWait);
        var steps = Channel.CreateBounded<bool>(1);
        feed.Committed += Committed;
        try
        {
            while (true)
            {
                // Looked at first: what settles an instance may be the response itself.
                var progress = exchange.Response.IsCompleted ? HttpProgress.Settled : await runtime.HttpProgressAsync(instance, http.RequestAborted);
                var left = until - clock.GetUtcNow();
                if (exchange.Response.IsCompleted || progress != HttpProgress.AtWork || left <= TimeSpan.Zero)
                {
                    await (exchange.Response.IsCompleted ? WorkflowResponse.WriteAsync(http, await exchange.Response) : WriteProgressAsync(http, progress, instance));
                    return;
                }
                steps.Reader.TryRead(out _);
                await Task.WhenAny(exchange.Response, steps.Reader.WaitToReadAsync(http.RequestAborted).AsTask(), Task.Delay(Shorter(left, LookAgainAfter), clock, http.RequestAborted));
            }
        }
        finally
        {
            feed.Committed -= Committed;
        }

        void Committed(TurnOutcome outcome)
        {
            if (outcome.Instance == instance || outcome.Turn.State.Parent is not null)
                steps.Writer.TryWrite(true);
        }
    }

    private static Task WriteProgressAsync(HttpContext http, HttpProgress progress, InstanceId instance) => progress switch
    {
        HttpProgress.Faulted => Problems.WriteAsync(http, StatusCodes.Status500InternalServerError, "The workflow faulted before it answered. Its incident says why.", ("workflowInstanceId", instance.ToString())),
        HttpProgress.AtWork => Problems.WriteAsync(http, StatusCodes.Status504GatewayTimeout, "The workflow is still at work and has not answered in time. It goes on; do not send the request again.", ("workflowInstanceId", instance.ToString())),
        _ => WriteAcceptedAsync(http, instance),
    };

    /// <summary>Nobody will answer: the instance has finished without a response, or waits for something that takes its time.</summary>
    private static Task WriteAcceptedAsync(HttpContext http, InstanceId instance)
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return http.Response.WriteAsJsonAsync(new { workflowInstanceId = instance.ToString() }, http.RequestAborted);
    }

    private static Task WriteRefusalAsync(HttpContext http, HttpRefusal refusal, HttpEndpointRules rules) => refusal switch
    {
        HttpRefusal.RequestTooLarge => WriteStatusAsync(http, StatusCodes.Status413PayloadTooLarge),
        HttpRefusal.FileTooLarge => Problems.WriteAsync(http, StatusCodes.Status413PayloadTooLarge, $"A file is larger than {rules.FileSizeLimit} bytes."),
        HttpRefusal.InvalidFileExtension => Problems.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType,
            $"The ending of a file's name is not accepted.{Listed(" Accepted: ", rules.AllowedFileExtensions)}{Listed(" Not accepted: ", rules.BlockedFileExtensions)}"),
        _ => Problems.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, $"The media type of a file is not accepted.{Listed(" Accepted: ", rules.AllowedMimeTypes)}"),
    };

    private static string Listed(string words, IReadOnlyList<string>? list) => list is { Count: > 0 } ? $"{words}{string.Join(", ", list)}." : "";

    private static Task WriteNotAllowedAsync(HttpContext http, IReadOnlyList<string> methods)
    {
        http.Response.Headers.Allow = string.Join(", ", methods);
        return WriteStatusAsync(http, StatusCodes.Status405MethodNotAllowed);
    }

    private static Task WriteStatusAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Problems.WriteForStatusAsync(http);
    }

    private static bool SignedIn(HttpContext http) => http.User.Identity?.IsAuthenticated == true;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
