using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace SalesFlow.Server.Tests.Mails;

/// <summary>A mail server of the test on a free port of this machine. It speaks plain SMTP and keeps what it is given.</summary>
internal sealed class SmtpListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SmtpListener()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The letters it took.</summary>
    public ConcurrentQueue<MimeMessage> Taken { get; } = new();

    /// <summary>What was said to it, without the letters themselves.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    /// <summary>What it answers to RCPT TO; 250 by default.</summary>
    public Func<string, string> OnRecipient { get; set; } = _ => "250 ok";

    public void Dispose() => _listener.Stop();

    private async Task ServeAsync()
    {
        while (true)
            try
            {
                _ = TalkAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await SayAsync(stream, "220 test");
                while (await reader.ReadLineAsync() is { } line)
                {
                    Said.Enqueue(line);
                    await SayAsync(stream, await AnswerAsync(line, reader, stream));
                }
            }
        }
        catch (IOException)
        {
            // The other side has hung up.
        }
    }

    private async Task<string> AnswerAsync(string line, StreamReader reader, NetworkStream stream) => line.Split(' ', ':')[0].ToUpperInvariant() switch
    {
        "EHLO" => "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
        "AUTH" => "235 welcome",
        "RCPT" => OnRecipient(line),
        "DATA" => await TakeAsync(reader, stream),
        "QUIT" => "221 bye",
        _ => "250 ok",
    };

    private async Task<string> TakeAsync(StreamReader reader, NetworkStream stream)
    {
        await SayAsync(stream, "354 go on");
        using var letter = new MemoryStream();
        while (await reader.ReadLineAsync() is { } line && line != ".")
            letter.Write(Encoding.Latin1.GetBytes((line.StartsWith('.') ? line[1..] : line) + "\r\n"));
        letter.Position = 0;
        Taken.Enqueue(await MimeMessage.LoadAsync(letter));
        return "250 taken";
    }

    private static async Task SayAsync(NetworkStream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
}
