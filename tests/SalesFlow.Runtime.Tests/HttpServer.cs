using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SalesFlow.Runtime.Tests;

/// <summary>A web server of the test on every IPv4 address of this machine.</summary>
internal sealed class HttpServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerContext, Task> _answer;

    public HttpServer(Action<HttpListenerContext> answer) : this(context =>
    {
        answer(context);
        return Task.CompletedTask;
    }) { }

    public HttpServer(Func<HttpListenerContext, Task> answer)
    {
        _answer = answer;
        Port = FreePort();
        _listener.Prefixes.Add($"http://*:{Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }
    /// <summary>The requests so far: method, host, path and the header in question.</summary>
    public ConcurrentQueue<(string Line, WebHeaderCollection Headers, string Body)> Requests { get; } = new();

    public string Url(string path = "/", string host = "127.0.0.1") => $"http://{host}:{Port}{path}";

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception over) when (over is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream);
            Requests.Enqueue(($"{context.Request.HttpMethod} {context.Request.Url!.Host}{context.Request.RawUrl}", (WebHeaderCollection)context.Request.Headers, await reader.ReadToEndAsync()));
            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            await _answer(context);
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The caller has hung up, as it should.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
