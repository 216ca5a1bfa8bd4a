using Xunit;

namespace SalesFlow.Server.Tests.Commands;

/// <summary>A server with settings that it cannot keep does not start, and says why.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly Program _program = new();

    [Theory]
    [InlineData("""{"Workflows":{"Outgoing":{"AlowedHosts":["a.example"]}}}""", "'Workflows:Outgoing:AlowedHosts', which nobody reads. Workflows:Outgoing has AllowedHosts, AllowedNetworks")]
    [InlineData("""{"Documents":{"Pdf":{"TimeLimits":"00:00:10"}}}""", "'Documents:Pdf:TimeLimits', which nobody reads. Documents:Pdf has Chromium, Sandbox, AtOnce, TimeLimit.")]
    [InlineData("""{"Workflows":{"Outging":{"MaxRedirects":1}}}""", "'Workflows:Outging', which nobody reads. Workflows has the sections Incoming, Outgoing, Schedule, Toolbox.")]
    [InlineData("""{"Workflows":{"Outgoing":{"AllowedNetworks":["10.0.0.1/99"]}}}""", "Workflows:Outgoing:AllowedNetworks holds something that is no address range")]
    [InlineData("""{"Workflows":{"Outgoing":{"MaxRedirects":-1}}}""", "MaxRedirects")]
    [InlineData("""{"Workflows":{"Outgoing":{"Timeout":"soon"}}}""", "Workflows:Outgoing:Timeout")]
    [InlineData("""{"Workflows":{"Outgoing":{"Strategies":{"often":{"MaxRetryAttempt":9}}}}}""", "MaxRetryAttempt")]
    [InlineData("""{"Workflows":{"Schedule":{"TimeZone":"Europe/Mosow"}}}""", "Workflows:Schedule:TimeZone is a zone that this machine does not know")]
    [InlineData("""{"PublicAddress":"sales.example.com/crm"}""", "PublicAddress is 'sales.example.com/crm'; expected the address under which people reach the server, such as https://sales.example.com.")]
    [InlineData("""{"Workflows":""", "settings.json")]
    public async Task Wrong_settings_stop_the_server_with_one_clear_line(string settings, string expected)
    {
        var file = _program.File("data/settings.json", settings);

        var answer = await _program.RunAsync("--data", Path.GetDirectoryName(file)!, "--urls", "http://127.0.0.1:0");

        Assert.Equal(78, answer.ExitCode);
        Assert.Contains(expected, answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "salesflow.db")));
    }

    public void Dispose() => _program.Dispose();
}
