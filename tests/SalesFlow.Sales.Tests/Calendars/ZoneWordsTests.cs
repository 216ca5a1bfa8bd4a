using SalesFlow.Sales.Calendars;

namespace SalesFlow.Sales.Tests.Calendars;

/// <summary>Zones as people choose and read them.</summary>
public sealed class ZoneWordsTests
{
    [Fact]
    public void Zones_are_offered_by_city_from_west_to_east_with_whatever_is_in_use_already()
    {
        var offered = ZoneWords.Offered(Given.Monday, "ru", "Asia/Chita", "Nowhere/At_all", null, "Europe/Moscow");

        Assert.Equal(("America/Los_Angeles", "Лос-Анджелес, UTC−8"), offered[0]);
        Assert.Equal(("Asia/Kamchatka", "Камчатка, UTC+12"), offered[^1]);
        Assert.Contains(("Asia/Chita", "Chita, UTC+9"), offered);
        Assert.Single(offered, zone => zone.Zone == "Europe/Moscow");
        Assert.Equal(["Istanbul, UTC+3", "Minsk, UTC+3", "Moscow, UTC+3", "Simferopol, UTC+3", "Volgograd, UTC+3"], ZoneWords.Offered(Given.Monday, "en").Select(zone => zone.Name).Where(name => name.EndsWith("UTC+3", StringComparison.Ordinal)));
    }
}
