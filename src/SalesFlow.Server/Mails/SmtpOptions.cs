using System.ComponentModel.DataAnnotations;
using MailKit.Security;
using MimeKit;
using SalesFlow.Sales.Mails;

namespace SalesFlow.Server.Mails;

/// <summary>How the connection to the mail server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>It begins open and must be switched to TLS before anything is said.</summary>
    StartTls,
    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,
    /// <summary>Open; for a mail server on this machine.</summary>
    None,
}

/// <summary>The mail server that takes letters. Without a host each letter becomes an .eml file in the data folder. Configuration section <c>Mail:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>Name or address of the mail server. Default: none.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default: 587.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected. Default: StartTls.</summary>
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Name to sign in with; no signing in without one.</summary>
    public string? User { get; set; }

    /// <summary>Password; give it as the environment variable Mail__Smtp__Password. It is never logged.</summary>
    public string? Password { get; set; }

    /// <summary>Whom letters come from, such as "Sales &lt;sales@example.com&gt;". Default: a name that says that nobody has set it.</summary>
    public string From { get; set; } = NobodySet;

    /// <summary>How long one step of a conversation may take. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    private const string NobodySet = "SalesFlow <salesflow@localhost>";

    /// <summary>The address of <see cref="From"/> when somebody has set one.</summary>
    internal string? SetSender => From == NobodySet ? null : Sender.Address;

    internal bool IsSet => !string.IsNullOrWhiteSpace(Host);

    internal MailboxAddress Sender => MailboxAddress.Parse(From);

    internal SecureSocketOptions Connection => Security switch { SmtpSecurity.None => SecureSocketOptions.None, SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect, _ => SecureSocketOptions.StartTls };

    /// <summary>What is wrong with the settings together; null when they fit.</summary>
    internal string? Trouble =>
        !MailboxAddress.TryParse(From, out var from) || !EmailAddress.TryParse(from.Address, out _) ? nameof(From)
        : IsSet && from.Domain == "localhost" ? nameof(From)
        : string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password) ? nameof(Password)
        : !string.IsNullOrEmpty(User) && Security == SmtpSecurity.None && Host is not ("localhost" or "127.0.0.1" or "::1") ? nameof(Security) : null;
}
