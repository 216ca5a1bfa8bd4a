using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authorization;

using Microsoft.AspNetCore.Routing;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>Every call of the API, asked by every role.</summary>
[Collection(OneServer.Name)]
public sealed class RoleMatrixTests(RunningServer server)
{
    private const string Everybody = "rep headOfSales approver processOwner administrator";
    private const string Sellers = "rep headOfSales administrator";
    private const string Doers = "rep headOfSales approver administrator";
    private const string Leaders = "headOfSales administrator";
    private const string Administrators = "administrator";
    private const string Designers = "processOwner administrator";
    private const string Readers = "headOfSales processOwner administrator";

    private static readonly Dictionary<string, string> Matrix = new()
    {
        ["GET /api/deals/"] = Everybody, ["POST /api/deals/"] = Sellers, ["GET /api/deals/{id}"] = Everybody, ["PATCH /api/deals/{id}"] = Sellers,
        ["GET /api/deals/{id}/moves"] = Everybody, ["GET /api/deals/{id}/fields"] = Everybody, ["POST /api/deals/{id}/move"] = Sellers, ["POST /api/deals/{id}/close"] = Sellers,
        ["POST /api/deals/{id}/comments"] = Doers, ["GET /api/deals/{id}/visits"] = Everybody, ["GET /api/deals/{id}/timeline"] = Everybody,
        ["GET /api/tasks/"] = Everybody, ["GET /api/tasks/{id}"] = Everybody, ["POST /api/tasks/{id}/complete"] = Doers,
        ["POST /api/tasks/{id}/claim"] = Doers, ["POST /api/tasks/{id}/reassign"] = Doers,
        ["POST /api/tasks/{id}/return"] = Doers, ["POST /api/tasks/{id}/snooze"] = Doers, ["POST /api/tasks/{id}/wait"] = Doers, ["POST /api/tasks/{id}/go-on"] = Doers, ["POST /api/tasks/bulk"] = Doers,
        ["GET /api/board/"] = Everybody, ["GET /api/board/{stage}"] = Everybody, ["GET /api/mentions/"] = Everybody, ["POST /api/mentions/{id}/put-away"] = Everybody,
        ["GET /api/deals/{id}/meetings"] = Everybody, ["GET /api/meetings/{id}"] = Everybody, ["GET /api/meetings/{id}/slots"] = Everybody, ["POST /api/meetings/{id}/book"] = Sellers,
        ["POST /api/meetings/{id}/cancel"] = Sellers, ["POST /api/meetings/{id}/invite"] = Sellers, ["POST /api/meetings/{id}/result"] = Sellers,
        ["GET /api/me/calendar-feed/"] = Everybody, ["POST /api/me/calendar-feed/"] = Everybody, ["DELETE /api/me/calendar-feed/"] = Everybody,
        ["GET /api/pipelines/"] = Everybody, ["GET /api/pipelines/{key}"] = Everybody,
        ["GET /api/pipelines/{key}/versions"] = Designers,
        ["GET /api/pipelines/{key}/stages/{stage}"] = Designers,
        ["PUT /api/pipelines/{key}/stages/{stage}"] = Designers, ["POST /api/pipelines/{key}/stages"] = Designers, ["DELETE /api/pipelines/{key}/stages/{stage}"] = Designers,
        ["POST /api/pipelines/{key}/follow"] = Designers, ["POST /api/pipelines/{key}/versions/{version:int}/publish"] = Designers,
        ["GET /api/documents/numbers"] = Leaders, ["GET /api/documents/numbers/{series}"] = Leaders,
        ["GET /api/documents/"] = Everybody, ["GET /api/documents/{id}"] = Everybody, ["GET /api/documents/{id}.html"] = Everybody,
        ["GET /api/documents/{id}.pdf"] = Everybody, ["GET /api/documents/{id}/proof"] = Everybody, ["POST /api/documents/{id}/void"] = Sellers, ["POST /api/documents/{id}/send"] = Sellers,
        ["GET /api/templates/"] = Designers, ["GET /api/templates/{key}"] = Designers, ["PUT /api/templates/{key}"] = Designers, ["POST /api/templates/{key}/preview"] = Designers,
        ["GET /api/templates/{key}/versions"] = Designers, ["GET /api/templates/{key}/versions/{version:int}"] = Designers, ["POST /api/templates/{key}/versions/{version:int}/publish"] = Designers,
        ["GET /api/deals/{id}/approvals"] = Everybody, ["GET /api/approvals/"] = Doers, ["GET /api/approvals/{id}"] = Doers, ["GET /api/approval-matrix/"] = Readers, ["PUT /api/approval-matrix/"] = Designers,
        ["GET /api/seeds/"] = Designers, ["POST /api/seeds/take"] = Designers,
        ["GET /api/effects/failed"] = Administrators, ["POST /api/effects/{id}/retry"] = Administrators,
        ["GET /api/sets/"] = Administrators, ["POST /api/sets/"] = Administrators,
        ["GET /api/notifications/"] = Everybody, ["GET /api/notifications/new"] = Everybody, ["POST /api/notifications/seen"] = Everybody, ["POST /api/notifications/{id}/seen"] = Everybody,
        ["GET /api/notifications/settings"] = Everybody, ["PUT /api/notifications/settings"] = Everybody,
        ["GET /api/digest"] = Leaders,
        ["GET /api/mails/"] = Everybody, ["GET /api/mails/{id}"] = Everybody, ["GET /api/mails/{id}.html"] = Everybody, ["GET /api/mails/{id}.eml"] = Everybody,
        ["GET /api/mails/{id}/files/{number:int}"] = Everybody, ["POST /api/mails/{id}/retry"] = Everybody,
        ["GET /api/metrics/funnel"] = Readers, ["GET /api/metrics/stages"] = Readers, ["GET /api/metrics/losses"] = Readers,
        ["GET /api/hours/"] = Leaders, ["PUT /api/hours/teams/{team}"] = Leaders, ["DELETE /api/hours/teams/{team}"] = Leaders, ["PUT /api/hours/people/{id}"] = Leaders, ["DELETE /api/hours/people/{id}"] = Leaders,
        ["GET /api/me"] = Everybody, ["GET /api/users/"] = Everybody, ["POST /api/users/"] = Administrators, ["PATCH /api/users/{id}"] = Administrators,
        ["POST /api/users/{id}/password"] = Administrators, ["POST /api/users/{id}/absences"] = Leaders, ["DELETE /api/users/{id}/absences/{absence}"] = Leaders,
    };

    public static TheoryData<string, string> Calls => [.. from call in Matrix.Keys from role in Roles.All select (call, role)];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_admits_exactly_its_roles(string call, string role)
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1].Replace("{id}", "999999999", StringComparison.Ordinal).Replace("{key}", "none", StringComparison.Ordinal).Replace("{stage}", "none", StringComparison.Ordinal).Replace("{version:int}", "1", StringComparison.Ordinal).Replace("{absence}", "1", StringComparison.Ordinal).Replace("{number:int}", "1", StringComparison.Ordinal));
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method != "GET")
            request.Content = new StringContent(path.EndsWith("/absences", StringComparison.Ordinal) ? """{"from":"2030-01-01T00:00:00Z","to":"2030-01-02T00:00:00Z"}""" : "{}", Encoding.UTF8, "application/json");

        var answer = await server.As(role).SendAsync(request);

        if (Matrix[call].Split(' ').Contains(role))
            Assert.False(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{call} refused {role}");
        else
            await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.Forbidden);
    }

    [Fact]
    public void The_matrix_names_every_call()
    {
        var calls = ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        Assert.Equal(Matrix.Keys.Order(), calls.Order());
    }
}
