using System.Net;
using SalesFlow.Sales.Mails;

namespace SalesFlow.Sales;

/// <summary>
/// Where people outside find the company: the address under which browsers reach the pages, from which the links in letters are made, and the e-mail address that letters come from when nobody else is their author.
/// <paramref name="pages"/> and <paramref name="sender"/> are asked anew each time: the addresses that a server listens on are known only once it does.
/// </summary>
public sealed class PublicAddress(Func<string?> pages, Func<string?> sender)
{
    private static readonly Uri ThisMachine = new("http://localhost");

    /// <summary>Links that lead to this machine, and letters from nobody in particular.</summary>
    public static PublicAddress None { get; } = new(() => null, () => null);

    /// <summary>True when links lead somewhere: people outside have no use for the address of this machine.</summary>
    public bool IsReachable => !Pages.IsLoopback;

    /// <summary>The link to a path such as /deals/1.</summary>
    public string Of(string path) => new Uri(Pages, path).AbsoluteUri;

    /// <summary>The e-mail address that letters come from: the one that was set, else one of the public host. A host without a name has no mail, and then it is one of this machine.</summary>
    public string Sender => EmailAddress.TryParse(sender(), out var set) ? set.Value
        : Pages.HostNameType == UriHostNameType.Dns && EmailAddress.TryParse($"salesflow@{Pages.IdnHost}", out var ofHost) ? ofHost.Value : "salesflow@localhost";

    /// <summary>True for an address that links can begin with: http or https, a host, and nothing behind it.</summary>
    public static bool IsAddress(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/" && uri.Fragment.Length == 0;

    private Uri Pages => Reachable(pages()) ?? ThisMachine;

    // A server that listens everywhere says so with an address that leads nowhere: 0.0.0.0, [::], + or *.
    private static Uri? Reachable(string? text)
    {
        var named = text?.Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal);
        if (!Uri.TryCreate(named, UriKind.Absolute, out var uri))
            return null;
        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) ? new UriBuilder(uri) { Host = "localhost" }.Uri : uri;
    }
}
