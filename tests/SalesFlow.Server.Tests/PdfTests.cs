using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SalesFlow.Sales;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Documents as PDF, printed by the machine's Chromium.</summary>
[Collection(OneServer.Name)]
public sealed class PdfTests(RunningServer server)
{
    private DocumentQueries Documents => server.App.Services.GetRequiredService<DocumentQueries>();

    [Fact]
    public async Task A_page_is_printed_and_reaches_nothing_outside()
    {
        Assert.SkipUnless(server.App.Services.GetRequiredService<PdfQueries>().IsAvailable, "There is no Chromium.");
        using var outside = new TcpListener(IPAddress.Loopback, 0);
        outside.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)outside.LocalEndpoint).Port}";

        var pdf = await server.App.Services.GetRequiredService<PdfQueries>().PrintPageAsync(
            $"<html><head><link rel=\"stylesheet\" href=\"{address}/s.css\"></head><body><h1>Договор</h1><img src=\"{address}/i.png\"><iframe src=\"file:///etc/passwd\"></iframe><script>fetch('{address}')</script></body></html>", "en", CancellationToken.None);

        Assert.Equal("%PDF-", Encoding.ASCII.GetString(pdf, 0, 5));
        Assert.False(outside.Pending());
    }

    [Fact]
    public async Task Without_Chromium_the_answer_says_what_to_do()
    {
        using var pdf = new PdfQueries(Documents, Options.Create(new PdfOptions { Chromium = "/no/such/chromium" }));

        Assert.False(pdf.IsAvailable);
        Assert.Contains("can be opened as HTML", (await Assert.ThrowsAsync<UnavailableException>(() => pdf.PrintPageAsync("<p>x</p>", "en", CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_print_that_does_not_end_is_stopped_and_the_next_one_finds_a_place()
    {
        var folder = Directory.CreateTempSubdirectory("salesflow-slow-");
        var program = Path.Combine(folder.FullName, "chromium");
        await File.WriteAllTextAsync(program, "#!/bin/sh\nsleep 600\n");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for Chromium is a shell script.");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var pdf = new PdfQueries(Documents, Options.Create(new PdfOptions { Chromium = program, AtOnce = 1, TimeLimit = TimeSpan.FromSeconds(1) }));

        for (var attempt = 0; attempt < 2; attempt++)
            Assert.Contains("longer than 1 seconds", (await Assert.ThrowsAsync<UnavailableException>(() => pdf.PrintPageAsync("<p>x</p>", "en", CancellationToken.None))).Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_document_that_one_may_not_see_is_not_there_as_pdf_either() =>
        await HttpFacts.AssertProblemAsync(await server.As(Roles.Rep).GetAsync("/api/documents/999999999.pdf"), HttpStatusCode.NotFound);
}
