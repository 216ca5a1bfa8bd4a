using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SalesFlow.Sales;
using SalesFlow.Sales.Requests;

namespace SalesFlow.Server.Http;

/// <summary>
/// Answers a repeated POST with its first answer. Requests under one key take turns, so the second of two concurrent ones finds the
/// answer of the first. Failures of ours (5xx) are not kept: they may be tried again.
/// </summary>
internal sealed class Idempotency(IdempotencyCommands answers, Failures failures)
{
    public const string Header = "Idempotency-Key";
    private readonly ConcurrentDictionary<string, Gate> gates = new();

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0 || !HttpMethods.IsPost(http.Request.Method) || http.User.Identity?.IsAuthenticated != true)
        {
            await next(http);
            return;
        }
        if (key.Length > 200)
            throw new ValidationException(Header, "The key is longer than 200 characters.");
        var actor = Caller.Of(http.User);
        using var gate = await EnterAsync($"{actor.Id} {key}", http.RequestAborted);
        var request = IdempotencyCommands.KeyOf(key, await DigestAsync(http.Request), actor);
        if (await answers.FindAsync(request, http.RequestAborted) is not { } kept)
        {
            http.Items[typeof(RequestKey)] = request;
            await RunAsync(http, next, answer => answers.KeepAsync(request, actor, answer, CancellationToken.None));
        }
        else if (kept.Status == 0)
            Redirect(http, kept.Body);
        else
            await ReplayAsync(http, kept);
    }

    private async Task RunAsync(HttpContext http, RequestDelegate next, Func<KeptAnswer, Task> keep)
    {
        var client = http.Response.Body;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        try
        {
            await next(http);
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            // A refusal is an answer like any other: the same key gets it again.
            await failures.TryHandleAsync(http, failure, http.RequestAborted);
        }
        finally
        {
            http.Response.Body = client;
        }
        if (http.Response.StatusCode < 500)
            await keep(new KeptAnswer(http.Response.StatusCode, Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length)));
        answer.Position = 0;
        await answer.CopyToAsync(client, http.RequestAborted);
    }

    /// <summary>The work was done, but the server died before it said so: the answer is where its result is to be read.</summary>
    private static void Redirect(HttpContext http, string resource)
    {
        http.Response.Headers["Idempotent-Replayed"] = "true";
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = resource;
    }

    private static Task ReplayAsync(HttpContext http, KeptAnswer kept)
    {
        http.Response.StatusCode = kept.Status;
        http.Response.Headers["Idempotent-Replayed"] = "true";
        if (kept.Body.Length == 0)
            return Task.CompletedTask;
        if (kept.Status == StatusCodes.Status201Created && JsonNode.Parse(kept.Body)?["id"] is { } id)
            http.Response.Headers.Location = $"{http.Request.Path}/{id}";
        http.Response.ContentType = kept.Status >= 400 ? Problems.ContentType : "application/json; charset=utf-8";
        return http.Response.WriteAsync(kept.Body, http.RequestAborted);
    }

    private static async Task<string> DigestAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<Gate> EnterAsync(string key, CancellationToken cancel)
    {
        while (true)
        {
            var gate = gates.GetOrAdd(key, name => new Gate(this, name));
            if (await gate.TryEnterAsync(cancel))
                return gate;
        }
    }

    /// <summary>Lets one request at a time through under a key, and goes away with the last one.</summary>
    private sealed class Gate(Idempotency owner, string key) : IDisposable
    {
        private readonly SemaphoreSlim turn = new(1, 1);
        private int users;

        public async Task<bool> TryEnterAsync(CancellationToken cancel)
        {
            lock (turn)
            {
                if (users < 0)
                    return false;
                users++;
            }
            try
            {
                await turn.WaitAsync(cancel);
                return true;
            }
            catch (OperationCanceledException)
            {
                Leave();
                throw;
            }
        }

        public void Dispose()
        {
            turn.Release();
            Leave();
        }

        private void Leave()
        {
            lock (turn)
            {
                if (--users > 0)
                    return;
                users = -1;
                owner.gates.TryRemove(KeyValuePair.Create(key, this));
            }
        }
    }
}
