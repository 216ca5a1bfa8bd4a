using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Sales;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>A client books by a link: with a form that is posted, within the link's time, and nobody learns anything without it.</summary>
public sealed partial class BookingTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_client_books_moves_takes_the_file_and_cancels_and_a_program_that_only_looks_changes_nothing()
    {
        var (meeting, link) = await InviteAsync();
        using var client = Browser();

        var page = await PageAsync(client, link);
        Assert.Contains("Meeting about your request", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Vector LLC", page, StringComparison.Ordinal);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Options })
            await client.SendAsync(new HttpRequestMessage(method, $"{link}/time?start={Uri.EscapeDataString(Times(page)[0])}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"{link}/time", new FormUrlEncodedContent([new("start", Times(page)[0])]))).StatusCode);
        Assert.Equal("offered", await StatusAsync(meeting));

        var booked = await PostAsync(client, link, "time", page, ("start", Times(page)[0]), ("zone", "Europe/Berlin"));
        Assert.Contains("Test rep", booked, StringComparison.Ordinal);
        Assert.Equal("booked", await StatusAsync(meeting));
        var seen = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/meetings/{meeting}"))!;
        Assert.Equal((true, "Europe/Berlin"), (seen["bookedByClient"]!.GetValue<bool>(), seen["clientZone"]!.GetValue<string>()));
        var file = await client.GetAsync($"{link}/meeting.ics");
        Assert.Equal("text/calendar", file.Content.Headers.ContentType?.MediaType);
        Assert.Contains(DateTimeOffset.Parse(Times(page)[0], CultureInfo.InvariantCulture).UtcDateTime.ToString("'DTSTART:'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var moved = await PostAsync(client, link, "time", booked, ("start", Times(booked)[^1]));
        Assert.Equal(DateTimeOffset.Parse(Times(booked)[^1], CultureInfo.InvariantCulture), (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/meetings/{meeting}"))!["startAt"]!.GetValue<DateTimeOffset>());
        await PostAsync(client, link, "cancel", moved);
        Assert.Equal("offered", await StatusAsync(meeting));
    }

    [Fact]
    public async Task A_time_that_was_taken_is_refused_without_names()
    {
        var (meeting, link) = await InviteAsync();
        var (other, _) = await InviteAsync();
        using var client = Browser();
        var page = await PageAsync(client, link);
        Assert.True((await server.As(Roles.Rep).PostAsJsonAsync($"/api/meetings/{other}/book", new { start = Times(page)[0] })).IsSuccessStatusCode);

        var refused = await PostAsync(client, link, "time", page, ("start", Times(page)[0]));

        Assert.Contains("role=\"alert\"", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("Test rep", refused, StringComparison.Ordinal);
        Assert.DoesNotContain(Times(page)[0], Times(refused));
        Assert.Equal("offered", await StatusAsync(meeting));
        var answer = await server.As(Roles.Rep).PostAsJsonAsync($"/api/meetings/{meeting}/book", new { start = Times(page)[0] });
        Assert.Contains("taken by Test rep at", (await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.Conflict))["obstacles"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forged_replaced_expired_and_used_links_are_refused_and_tell_nothing()
    {
        var (meeting, first) = await InviteAsync();
        using var client = Browser();
        var page = await PageAsync(client, first);
        var second = (await (await server.As(Roles.Rep).PostAsJsonAsync($"/api/meetings/{meeting}/invite", new { language = "en" })).Content.ReadFromJsonAsync<JsonObject>())!["path"]!.GetValue<string>();

        foreach (var link in new[] { first, "/book/" + new string('A', 43), "/book/1", $"/book/{meeting}" })
        {
            var answer = await client.GetAsync(link);
            Assert.True(answer.StatusCode == HttpStatusCode.Gone, $"{link}: {(int)answer.StatusCode}");
            Assert.DoesNotContain("Meeting about your request", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await PostAsync(client, first, "time", page, ("start", Times(page)[0]));
        Assert.Equal("offered", await StatusAsync(meeting));

        page = await PageAsync(client, second);
        await using (var db = await server.App.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync())
        {
            var id = new MeetingId(long.Parse(meeting, CultureInfo.InvariantCulture));
            await db.Meetings.Where(m => m.Id == id).ExecuteUpdateAsync(set => set.SetProperty(m => m.TokenExpiresAt, DateTimeOffset.UtcNow.AddMinutes(-1)));
        }
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync(second)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync($"{second}/meeting.ics")).StatusCode);
    }

    [Fact]
    public async Task A_calendar_program_follows_the_meetings_of_its_person_until_the_address_is_taken_away()
    {
        var (meeting, link) = await InviteAsync();
        using var client = Browser();
        var page = await PageAsync(client, link);
        await PostAsync(client, link, "time", page, ("start", Times(page)[^1]));
        async Task<string> MakeAsync(string person) => (await (await server.As(person).PostAsync("/api/me/calendar-feed", null)).Content.ReadFromJsonAsync<JsonObject>())!["path"]!.GetValue<string>();

        var (first, feed, other) = (await MakeAsync(Roles.Rep), await MakeAsync(Roles.Rep), await MakeAsync("rep2"));

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(first)).StatusCode);
        Assert.Contains($"UID:meeting-{meeting}-", await client.GetStringAsync(feed), StringComparison.Ordinal);
        Assert.DoesNotContain("UID:", await client.GetStringAsync(other), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await server.As(Roles.Rep).DeleteAsync("/api/me/calendar-feed")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(feed)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/calendar/x.ics")).StatusCode);
    }

    private HttpClient Browser()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new() }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("ru");
        return client;
    }

    private static async Task<string> PageAsync(HttpClient client, string link)
    {
        var answer = await client.GetAsync(link);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {text}");
        return text;
    }

    /// <summary>Sends a form of the page and answers the page that follows.</summary>
    private static async Task<string> PostAsync(HttpClient client, string link, string what, string page, params (string Name, string Value)[] values)
    {
        var answer = await client.PostAsync($"{link}/{what}", new FormUrlEncodedContent([new("__RequestVerificationToken", Token().Match(page).Groups[1].Value), .. values.Select(value => KeyValuePair.Create(value.Name, value.Value))]));
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await (await client.GetAsync(answer.Headers.Location)).Content.ReadAsStringAsync();
    }

    private static List<string> Times(string page) => [.. Time().Matches(page).Select(time => time.Groups[1].Value)];

    private async Task<string> StatusAsync(string meeting) => (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/meetings/{meeting}"))!["status"]!.GetValue<string>();

    /// <summary>A deal that has come to its meeting, and the client's link.</summary>
    private async Task<(string Meeting, string Link)> InviteAsync()
    {
        var (rep, deal) = (server.As(Roles.Rep), (await server.CreateDealAsync())["id"]!.GetValue<string>());
        for (var step = 0; step < 10; step++)
        {
            if ((await rep.GetFromJsonAsync<JsonObject>($"/api/deals/{deal}/meetings"))!["items"]!.AsArray() is [{ } meeting, ..])
            {
                var id = meeting["id"]!.GetValue<string>();
                var link = await (await rep.PostAsJsonAsync($"/api/meetings/{id}/invite", new { language = "en" })).Content.ReadFromJsonAsync<JsonObject>();
                return (id, link!["path"]!.GetValue<string>());
            }
            var task = (await rep.GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal}"))!["items"]![0]!.AsObject();
            Assert.True((await rep.PostAsJsonAsync($"/api/tasks/{task["id"]}/complete", Given.Completion(task))).IsSuccessStatusCode);
        }
        throw new InvalidOperationException($"Deal {deal} has not come to its meeting in ten tasks.");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
    [GeneratedRegex("name=\"start\" value=\"([^\"]+)\"")]
    private static partial Regex Time();
}

/// <summary>How often a link may be tried; on a server of its own, since the others come from the same address.</summary>
public sealed class BookingLimitTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Who_asks_too_often_is_turned_away()
    {
        using var client = server.Anonymous();
        HttpStatusCode last = default;
        for (var i = 0; i < 200 && last != HttpStatusCode.TooManyRequests; i++)
            last = (await client.GetAsync($"/book/{i}/meeting.ics")).StatusCode;

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }
}
