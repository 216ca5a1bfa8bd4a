using System.ComponentModel.DataAnnotations;

namespace SalesFlow.Runtime;

/// <summary>Who may call the HTTP endpoints of workflows, and how much a request may take. Configuration section <c>Workflows:Incoming</c>.</summary>
public sealed class IncomingOptions
{
    /// <summary>Endpoints whose activity does not ask for authorization are open to callers who did not sign in. Default: no.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>How long a caller waits for the response when the activity says nothing. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of a request's body, whatever the activity says. Default: 10 MB.</summary>
    [Range(1024, 100 << 20)]
    public int MaxRequestBytes { get; set; } = 10 << 20;

    /// <summary>Most requests a minute from one address. Default: 600.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 600;
}
