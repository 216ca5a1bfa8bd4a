using System.Net;
using System.Net.Sockets;

namespace SalesFlow.Runtime;

/// <summary>
/// Decides which hosts and addresses workflows may call. Addresses are judged as they are connected to, after names are resolved and redirects followed,
/// so that no name and no redirect leads to the inside.
/// </summary>
public sealed class OutgoingGuard
{
    /// <summary>Ranges that are not the public internet (IANA's special-purpose registries), and those that carry an inner address we do not unpack.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
            "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly string[] _hosts;
    private readonly IPNetwork[] _networks;

    /// <summary>A guard by the options; a network that cannot be read is named.</summary>
    public OutgoingGuard(OutgoingOptions options)
    {
        _hosts = [.. options.AllowedHosts.Select(host => host.Trim().TrimEnd('.'))];
        _networks = [.. options.AllowedNetworks.Select(network => IPNetwork.TryParse(network, out var parsed) ? parsed
            : throw new InvalidOperationException($"Workflows:Outgoing:AllowedNetworks has '{network}'; expected an address range such as 10.1.0.0/16."))];
    }

    /// <summary>True for hosts that are named, or for all when none is.</summary>
    public bool AllowsHost(string host) => _hosts.Length == 0 || Array.Exists(_hosts, allowed => Covers(allowed, host.TrimEnd('.')));

    /// <summary>True for public addresses and for those in a range that is named.</summary>
    public bool AllowsAddress(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_networks, network => network.Contains(plain)) || !Array.Exists(NotPublic, network => network.Contains(plain));
    }

    /// <summary>Connects to the first address of the host that is allowed and answers. Throws <see cref="OutgoingRefusedException"/> when none is allowed.</summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        if (!AllowsHost(host))
            throw new OutgoingRefusedException($"'{host}' is not among the hosts that workflows may call. An administrator adds it to Workflows:Outgoing:AllowedHosts.");
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        var allowed = Array.FindAll(addresses, AllowsAddress);
        if (allowed.Length == 0 && addresses.Length > 0)
            throw new OutgoingRefusedException($"'{host}' leads to {addresses[0]}, which is not a public address. An administrator adds its range to Workflows:Outgoing:AllowedNetworks if workflows may call it.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool Covers(string allowed, string host) => allowed.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(allowed, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A workflow wanted to call a host that it may not.</summary>
public sealed class OutgoingRefusedException(string message) : Exception(message);
