using System.ComponentModel.DataAnnotations;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>What HTTP requests of workflows may reach and how much they may take. Configuration section <c>Workflows:Outgoing</c>.</summary>
public sealed class OutgoingOptions
{
    /// <summary>Hosts that may be called: names, or *.example.com for those below a name. Every public host when the list is empty.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Address ranges such as 10.1.0.0/16 that may be called although they are private, loopback, link-local or otherwise not public.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>The first allowed network that is none; null when all can be read.</summary>
    public string? WrongNetwork => AllowedNetworks.FirstOrDefault(network => !System.Net.IPNetwork.TryParse(network, out _));

    /// <summary>How long one attempt may take. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long all attempts together may take. Default: 90 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:40")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Redirects that are followed. Default: 5.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Most bytes of an answer. Default: 1 MB.</summary>
    [Range(1024, 100 << 20)]
    public int MaxResponseBytes { get; set; } = 1 << 20;

    /// <summary>Most bytes of a downloaded file. Default: 10 MB.</summary>
    [Range(1024, 1 << 30)]
    public int MaxDownloadBytes { get; set; } = 10 << 20;

    /// <summary>Retry strategies by the ids that activities name; an id that is not here has Elsa's defaults.</summary>
    public IDictionary<string, RetryRules> Strategies { get; init; } = new Dictionary<string, RetryRules>(StringComparer.OrdinalIgnoreCase);
}
