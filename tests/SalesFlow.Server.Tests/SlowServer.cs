using System.Net;
using System.Net.Sockets;

namespace SalesFlow.Server.Tests;

/// <summary>A partner's server that takes requests and keeps them waiting until it is told to answer.</summary>
internal sealed class SlowServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SlowServer()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = AnswerAllAsync();
    }

    public string Url { get; }

    public void Answer() => _answer.TrySetResult();

    public void Dispose()
    {
        Answer();
        _listener.Close();
    }

    private async Task AnswerAllAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        await _answer.Task;
        context.Response.StatusCode = 200;
        context.Response.Close();
    }
}
