using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using SalesFlow.Engine;

namespace SalesFlow.Runtime.Tests;

public sealed class RegistrationTests
{
    [Theory, InlineData(null, FlowchartMode.CounterBased), InlineData("", FlowchartMode.CounterBased), InlineData("CounterBased", FlowchartMode.CounterBased), InlineData("TokenBased", FlowchartMode.TokenBased)]
    public void The_host_chooses_by_its_configuration(string? mode, FlowchartMode expected) =>
        Assert.Equal(expected, Registration.Choice(new OneValue("Flowchart:ExecutionMode", mode), "Flowchart:ExecutionMode", FlowchartMode.CounterBased, FlowchartMode.TokenBased));

    [Theory, InlineData("Tokens"), InlineData("1"), InlineData("Default")]
    public void A_choice_that_does_not_exist_stops_the_server_and_names_the_key(string mode) =>
        Assert.Contains($"Flowchart:ExecutionMode is '{mode}'; expected CounterBased or TokenBased", Assert.Throws<InvalidOperationException>(() =>
            Registration.Choice(new OneValue("Flowchart:ExecutionMode", mode), "Flowchart:ExecutionMode", FlowchartMode.CounterBased, FlowchartMode.TokenBased)).Message, StringComparison.Ordinal);

    /// <summary>A configuration with one key.</summary>
    private sealed class OneValue(string key, string? value) : IConfiguration
    {
        public string? this[string asked] { get => asked == key ? value : null; set => throw new NotSupportedException(); }
        public IEnumerable<IConfigurationSection> GetChildren() => [];
        public IChangeToken GetReloadToken() => throw new NotSupportedException();
        public IConfigurationSection GetSection(string asked) => throw new NotSupportedException();
    }
}
