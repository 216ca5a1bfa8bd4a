using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Tasks;
using Xunit;

namespace SalesFlow.Sales.Tests.Deals;

public sealed class TimelineWordsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_changed_field_is_called_as_the_form_that_asks_for_it_calls_it()
    {
        var deal = Deal.Blank();
        deal.Apply(new TaskOpened(new(7), Monday, new(1), new("Qualify", "Квалифицировать"), new("", ""), "first", null, null, null, [],
            [new FormField("budget", new("Budget", "Бюджет"), FieldType.Money, true, []), new FormField("until", new("Until", "Срок"), FieldType.Date, true, [])], "t", 1));

        var (_, data) = TimelineWords.Of(new FieldsChanged(new(7), Monday, null,
            ImmutableDictionary<string, object?>.Empty.Add("budget", 250000.5m).Add("until", "2026-12-01").Add("amount", null)), deal)!.Value;

        var fields = JsonDocument.Parse(data).RootElement.GetProperty("fields");
        Assert.Equal("Amount: none, Budget: 250,000.5, Until: 12/1/2026", fields.GetProperty("en").GetString());
        Assert.Equal("Сумма: не указано, Бюджет: 250\u00a0000,5, Срок: 01.12.2026", fields.GetProperty("ru").GetString());
    }

    [Fact]
    public void The_first_of_december_is_no_twelfth_of_january_for_those_who_read_English()
    {
        var (_, data) = TimelineWords.Of(new MeetingBooked(new(7), Monday, null, new(1), new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(3)), new(2026, 12, 1, 10, 0, 0, TimeSpan.FromHours(3)), [], null, null, null), Deal.Blank())!.Value;

        var time = JsonDocument.Parse(data).RootElement.GetProperty("time");
        Assert.StartsWith("12/1/2026 9:00", time.GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.Equal("01.12.2026 09:00", time.GetProperty("ru").GetString());
    }
}
