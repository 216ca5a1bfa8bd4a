using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>Sends the HTTP requests of workflows within the limits. At least once: a repeat after a crash carries the same Idempotency-Key.</summary>
public sealed class HttpEffects : EffectHandler, IDisposable
{
    private readonly HttpClient _client;
    private readonly OutgoingOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<HttpEffects> _log;

    /// <summary>A sender with connections of its own.</summary>
    public HttpEffects(OutgoingOptions options, TimeProvider clock, ILogger<HttpEffects> log)
    {
        (_options, _clock, _log) = (options, clock, log);
        var handler = new SocketsHttpHandler
        {
            // A proxy would resolve names where the guard cannot see the answer.
            UseProxy = false, UseCookies = false, ConnectCallback = new OutgoingGuard(options).ConnectAsync, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            AllowAutoRedirect = options.MaxRedirects > 0, MaxAutomaticRedirections = Math.Max(1, options.MaxRedirects), MaxResponseHeadersLength = 64, AutomaticDecompression = System.Net.DecompressionMethods.All,
            ActivityHeadersPropagator = null,
        };
        _client = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc />
    public override Type EffectType => typeof(HttpRequestSent);

    /// <inheritdoc />
    public override bool Background => true;

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    /// <inheritdoc />
    public override async Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel) =>
        new(await SendAsync((HttpRequestSent)request.Effect, string.Create(CultureInfo.InvariantCulture, $"{instance.Value}-{request.Number}"), cancel), [], []);

    /// <summary>Sends a request, again and again as its strategy says, until the answer is final or the time is up.</summary>
    public async Task<HttpSendAnswer> SendAsync(HttpRequestSent sent, string key, CancellationToken cancel)
    {
        var (rules, began) = (RulesOf(sent), _clock.GetTimestamp());
        for (var attempt = 1; ; attempt++)
        {
            var answer = await TryAsync(sent, key, cancel);
            if (attempt > (rules?.MaxRetryAttempts ?? 0) || !MayBeBetterNextTime(answer))
                return answer;
            var pause = rules!.DelayBefore(attempt, Random.Shared.NextDouble());
            if (_clock.GetElapsedTime(began) + pause + _options.Timeout > _options.TotalTimeout)
                return answer;
            _log.LogInformation("{Method} {Host} came to {Answer}; attempt {Attempt} follows in {Pause}.", sent.Method, new Uri(sent.Url).Host, answer.GetType().Name, attempt + 1, pause);
            await Task.Delay(pause, _clock, cancel);
        }
    }

    private RetryRules? RulesOf(HttpRequestSent sent) => sent.Retry ?? (sent.StrategyId is { } id ? _options.Strategies.TryGetValue(id, out var known) ? known : new RetryRules() : null);

    private static bool MayBeBetterNextTime(HttpSendAnswer answer) => answer switch
    {
        HttpSendAnswer.Response response => RetryRules.IsTransient(response.StatusCode),
        HttpSendAnswer.FailedToConnect or HttpSendAnswer.TimedOut => true,
        _ => false,
    };

    private async Task<HttpSendAnswer> TryAsync(HttpRequestSent sent, string key, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var message = Message(sent, key);
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await ReadAsync(response, sent.IsDownload ? _options.MaxDownloadBytes : _options.MaxResponseBytes, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new HttpSendAnswer.TimedOut();
        }
        catch (Exception failure) when (Refusal(failure) is { } refused)
        {
            return new HttpSendAnswer.Refused(refused);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            return new HttpSendAnswer.FailedToConnect(failure.Message);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return new HttpSendAnswer.Refused($"The request cannot be sent: {failure.Message}");
        }
    }

    private static string? Refusal(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is OutgoingRefusedException)
                return failure.Message;
        return null;
    }

    private static HttpRequestMessage Message(HttpRequestSent sent, string key)
    {
        var message = new HttpRequestMessage(new HttpMethod(sent.Method), sent.Url);
        if (sent.Content is not null)
        {
            message.Content = new ByteArrayContent(sent.Content);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", sent.ContentType);
        }
        foreach (var (name, values) in sent.Headers)
            if (!message.Headers.TryAddWithoutValidation(name, values))
                message.Content?.Headers.TryAddWithoutValidation(name, values);
        if (sent.Authorization is not null)
            message.Headers.TryAddWithoutValidation("Authorization", sent.Authorization);
        if (sent.Method is not ("GET" or "HEAD" or "OPTIONS") && !sent.Headers.ContainsKey("Idempotency-Key"))
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return message;
    }

    private static async Task<HttpSendAnswer> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        using var content = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (content.Length + read > most)
                return new HttpSendAnswer.Refused(string.Create(CultureInfo.InvariantCulture, $"The answer of '{response.RequestMessage?.RequestUri?.Host}' is larger than {most:N0} bytes. An administrator raises Workflows:Outgoing:MaxResponseBytes or MaxDownloadBytes if it may be."));
            content.Write(buffer, 0, read);
        }
        return new HttpSendAnswer.Response((int)response.StatusCode, response.ReasonPhrase, Plain(response.Headers), Plain(response.Content.Headers), response.Content.Headers.ContentType?.ToString(), content.ToArray());
    }

    private static Dictionary<string, object?> Plain(HttpHeaders headers)
    {
        var plain = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers.NonValidated)
            plain[name] = values.Count == 1 ? Latin(values.ToString()) : values.Select(value => (object?)Latin(value)).ToList();
        return plain;

        // Servers write file names in UTF-8 where the standard has Latin-1, which is what we are handed.
        static string Latin(string value) => value.Any(letter => letter is > '\x7f' and <= '\xff') && value.All(letter => letter <= '\xff') && Utf8(value) is { } read ? read : value;
    }

    private static string? Utf8(string latin)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Encoding.Latin1.GetBytes(latin));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
