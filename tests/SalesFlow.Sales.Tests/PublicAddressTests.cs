using Xunit;

namespace SalesFlow.Sales.Tests;

/// <summary>Links in letters begin with the one address that was set, or with the first that the server listens on.</summary>
public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("https://sales.example.com", "https://sales.example.com/deals/1#task-2")]
    [InlineData("https://sales.example.com:8443/", "https://sales.example.com:8443/deals/1#task-2")]
    [InlineData("http://0.0.0.0:5080", "http://localhost:5080/deals/1#task-2")]
    [InlineData("http://[::]:8080", "http://localhost:8080/deals/1#task-2")]
    [InlineData("http://+:80", "http://localhost/deals/1#task-2")]
    [InlineData("http://*:5080", "http://localhost:5080/deals/1#task-2")]
    [InlineData(null, "http://localhost/deals/1#task-2")]
    public void A_link_begins_with_an_address_that_leads_somewhere(string? pages, string link) => Assert.Equal(link, new PublicAddress(() => pages, () => null).Of("/deals/1#task-2"));

    [Theory]
    [InlineData("https://sales.example.com", "sales@corp.example", "sales@corp.example")]
    [InlineData("https://sales.example.com", null, "salesflow@sales.example.com")]
    [InlineData("http://127.0.0.1:5080", null, "salesflow@localhost")]
    [InlineData(null, null, "salesflow@localhost")]
    public void Letters_of_nobody_in_particular_come_from_the_sender_that_was_set_or_from_the_public_host(string? pages, string? sender, string expected) =>
        Assert.Equal(expected, new PublicAddress(() => pages, () => sender).Sender);

    [Theory]
    [InlineData("https://sales.example.com", true)]
    [InlineData("http://10.0.0.5:5080/", true)]
    [InlineData("sales.example.com", false)]
    [InlineData("ftp://sales.example.com", false)]
    [InlineData("https://sales.example.com/crm", false)]
    [InlineData("https://user:word@sales.example.com", false)]
    [InlineData("https://sales.example.com/?a=1", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("", false)]
    public void Only_the_beginning_of_a_web_address_can_be_set(string text, bool expected) => Assert.Equal(expected, PublicAddress.IsAddress(text));
}
