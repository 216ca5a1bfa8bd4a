namespace SalesFlow.Web.Deals;

/// <summary>Where clients come from, as offered for a new deal; imports and the API may use other words, which are shown as they are.</summary>
public static class Channels
{
    /// <summary>The offered ones; each has a text Channel_x.</summary>
    public static readonly string[] Known = ["website", "referral", "exhibition", "coldCall", "partner", "advertising"];
}
