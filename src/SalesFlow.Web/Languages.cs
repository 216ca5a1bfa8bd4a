namespace SalesFlow.Web;

/// <summary>The languages the pages speak.</summary>
public static class Languages
{
    /// <summary>The first one answers a browser that asks for none of them.</summary>
    public static readonly string[] Spoken = ["ru", "en"];
}
