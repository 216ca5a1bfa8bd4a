using SalesFlow.Engine;

namespace SalesFlow.Runtime.Tests;

public sealed class RegistrationTests
{
    [Theory, InlineData(null, FlowchartMode.CounterBased), InlineData("", FlowchartMode.CounterBased), InlineData("CounterBased", FlowchartMode.CounterBased), InlineData("TokenBased", FlowchartMode.TokenBased)]
    public void The_host_chooses_how_flowcharts_go_on(string? mode, FlowchartMode expected) => Assert.Equal(expected, Registration.Flowcharts(mode));

    [Theory, InlineData("Tokens"), InlineData("7")]
    public void A_mode_that_does_not_exist_stops_the_server_and_names_the_key(string mode) =>
        Assert.Contains($"Flowchart:ExecutionMode is '{mode}'; expected CounterBased or TokenBased", Assert.Throws<InvalidOperationException>(() => Registration.Flowcharts(mode)).Message, StringComparison.Ordinal);
}
