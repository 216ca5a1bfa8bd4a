using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>Uploads that are too large, of another kind or named to do harm.</summary>
[Collection(OneHostileServer.Name)]
public sealed class UploadTests(HostileServer server)
{
    private const int HundredMegabytes = 100 << 20;

    private static readonly Lazy<byte[]> Bomb = new(() =>
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            for (var i = 0; i < 40; i++)
            {
                using var entry = zip.CreateEntry($"definitions/{i}.json", CompressionLevel.Fastest).Open();
                entry.Write(new byte[30 << 20]);
            }
        return packed.ToArray();
    });

    [Theory]
    [InlineData("/api/sets", "application/zip", true)]
    [InlineData("/api/sets", "application/zip", false)]
    [InlineData("/api/deals", "application/json", true)]
    [InlineData("/api/deals", "application/json", false)]
    [InlineData("/elsa/api/workflow-definitions/import-files", "multipart/form-data; boundary=b", true)]
    [InlineData("/elsa/api/workflow-definitions/import-files", "multipart/form-data; boundary=b", false)]
    [InlineData("/elsa/api/bulk-actions/import/workflow-instances", "multipart/form-data; boundary=b", false)]
    [InlineData("/elsa/api/workflow-definitions", "application/json", false)]
    public async Task A_hundred_megabytes_are_refused_before_they_have_come(string path, string type, bool tellsItsLength)
    {
        var body = new Zeros(HundredMegabytes, type.StartsWith("multipart", StringComparison.Ordinal) ? "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.json\"\r\n\r\n" : type.EndsWith("json", StringComparison.Ordinal) ? "{\"title\":\"" : "PK");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(body), Headers = { ExpectContinue = true } };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (tellsItsLength)
            request.Content.Headers.ContentLength = HundredMegabytes;
        else
            request.Headers.TransferEncodingChunked = true;

        try
        {
            await HttpFacts.AssertProblemAsync(await server.As(Roles.Administrator).SendAsync(request), HttpStatusCode.RequestEntityTooLarge);
        }
        catch (HttpRequestException) when (!tellsItsLength)
        {
            // Whoever does not say how much is coming is cut off in the middle, and may miss the answer.
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous().GetAsync("/health/live")).StatusCode);
        Assert.True(body.Given < 40 << 20, $"{body.Given} bytes were read.");
    }

    [Theory]
    [InlineData("x.exe", "MZ\u0090")]
    [InlineData("x.json", "<html><script>alert(1)</script></html>")]
    [InlineData("x.zip", "PK but not quite")]
    [InlineData("../../../../tmp/x.json", "no json")]
    [InlineData("con.json", "[[[[")]
    [InlineData("x\u0000.json", "{")]
    [InlineData("", "{")]
    public async Task Files_of_another_kind_are_refused_and_none_is_put_anywhere(string name, string content)
    {
        var before = await server.FingerprintsAsync();
        var files = Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("logs", StringComparison.Ordinal)).Order().ToList();
        foreach (var path in new[] { "/elsa/api/workflow-definitions/import-files", "/elsa/api/bulk-actions/import/workflow-instances" })
        {
            using var form = new MultipartFormDataContent("boundary");
            var part = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
            part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"files\"; filename=\"{name.Replace("\0", "%00", StringComparison.Ordinal)}\"");
            form.Add(part);

            await HttpFacts.AssertRefusedAsync(await server.As(Roles.Administrator).PostAsync(path, form));
        }
        await HttpFacts.AssertRefusedAsync(await server.As(Roles.Administrator).PostAsync("/api/sets", new ByteArrayContent(Encoding.UTF8.GetBytes(content))));

        Verdict.AssertSame(before, await server.FingerprintsAsync());
        Assert.Equal(files, Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("logs", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("/elsa/api/workflow-definitions/import-files")]
    [InlineData("/elsa/api/bulk-actions/import/workflow-instances")]
    [InlineData("/api/sets")]
    public async Task A_small_file_that_unpacks_to_gigabytes_is_refused(string path)
    {
        using var form = new MultipartFormDataContent("boundary") { { new ByteArrayContent(Bomb.Value), "files", "bomb.zip" } };

        var answer = await server.As(Roles.Administrator).PostAsync(path, path == "/api/sets" ? new ByteArrayContent(Bomb.Value) : form);

        await HttpFacts.AssertRefusedAsync(answer);
    }

    [Theory]
    [InlineData("GET /studio/../../../../etc/passwd HTTP/1.1")]
    [InlineData("GET /studio/host/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1")]
    [InlineData("GET /studio/host/../../appsettings.json HTTP/1.1")]
    [InlineData("GET /_content/..%5c..%5c..%5csalesflow.db HTTP/1.1")]
    [InlineData("GET /_framework/%2e%2e/%2e%2e/salesflow.db HTTP/1.1")]
    [InlineData("GET //etc/passwd HTTP/1.1")]
    [InlineData("GET /api/deals/%00 HTTP/1.1")]
    [InlineData("GET /api/deals?\0 HTTP/1.1")]
    [InlineData("GET http://evil.example/api/deals HTTP/1.1")]
    [InlineData("TRACE /api/deals HTTP/1.1")]
    [InlineData("CONNECT evil.example:443 HTTP/1.1")]
    public async Task A_path_that_climbs_reads_no_file(string line)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\nHost: {server.Address.Authority}\r\nAuthorization: {server.As(Roles.Administrator).DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync();

        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("SQLite format", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        Assert.Matches("^HTTP/1.1 [34]", answer);
    }

    /// <summary>A long body of which nothing is kept: its beginning, then noughts.</summary>
    private sealed class Zeros(long length, string beginning) : Stream
    {
        private readonly byte[] start = Encoding.ASCII.GetBytes(beginning);

        public long Given { get; private set; }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var now = (int)Math.Min(count, length - Given);
            for (var i = 0; i < now; i++)
                buffer[offset + i] = Given + i < start.Length ? start[Given + i] : (byte)'0';
            Given += now;
            return now;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
