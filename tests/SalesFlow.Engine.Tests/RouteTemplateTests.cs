namespace SalesFlow.Engine.Tests;

/// <summary>Paths of HTTP endpoints: what they answer to, and what a request could mean.</summary>
public sealed class RouteTemplateTests
{
    [Theory]
    [InlineData("hello", "/hello", "/hello")]
    [InlineData("/Hello/", "/hello", "/hello")]
    [InlineData("", "/", "/")]
    [InlineData("orders/{Id}/Lines", "/orders/{Id}/lines", "/orders/{}/lines")]
    [InlineData("orders/{id:int}", "/orders/{id:int}", "/orders/{}")]
    [InlineData("orders/{id?}", "/orders/{id?}", "/orders/{} /orders")]
    [InlineData("orders/{year=2026}/{month=1}", "/orders/{year=2026}/{month=1}", "/orders/{}/{} /orders/{} /orders")]
    [InlineData("files/{**path}", "/files/{**path}", "/files/{*}")]
    public void A_template_answers_to_its_shapes(string path, string text, string shapes)
    {
        var template = RouteTemplate.Parse(path);

        Assert.Equal(text, template.Text);
        Assert.Equal(shapes, string.Join(' ', template.Shapes));
        Assert.Equal(text, RouteTemplate.Parse(template.Text).Text);
    }

    [Theory]
    [InlineData("a//b", "empty segment")]
    [InlineData("a/{b", "mixes text and parameters")]
    [InlineData("a/x{b}", "mixes text and parameters")]
    [InlineData("a/{b}{c}", "mixes text and parameters")]
    [InlineData("a/{}", "no name")]
    [InlineData("a/{b c}", "no name")]
    [InlineData("{**rest}/a", "only come last")]
    [InlineData("{a?}/b", "only come last")]
    [InlineData("{a}/{A}", "twice")]
    [InlineData("1/2/3/4/5/6/7/8/9", "9 segments")]
    public void A_template_that_makes_no_sense_says_why(string path, string why) =>
        Assert.Contains(why, Assert.Throws<FaultException>(() => RouteTemplate.Parse(path)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("orders/{id}", "/Orders/Ab%2F", "id=Ab%2F")]
    [InlineData("orders/{id?}", "/orders", "")]
    [InlineData("orders/{id=7}", "/orders/", "id=7")]
    [InlineData("files/{**path}", "/files/a/B/c", "path=a/B/c")]
    [InlineData("files/{**path}", "/files", "path=")]
    [InlineData("a/b", "/a/b/c", null)]
    [InlineData("a/{b}", "/a", null)]
    [InlineData("a/b", "/a/x", null)]
    public void A_path_gives_the_template_its_parameters(string template, string path, string? expected)
    {
        var values = RouteTemplate.Parse(template).Match(path);

        Assert.Equal(expected, values is null ? null : string.Join(' ', values.Select(value => $"{value.Key}={value.Value}")));
    }

    [Fact]
    public void The_most_specific_meaning_of_a_path_comes_first() =>
        Assert.Equal(["/a/b", "/a/{}", "/{}/b", "/{}/{}", "/a/b/{*}", "/a/{}/{*}", "/{}/b/{*}", "/{}/{}/{*}", "/a/{*}", "/{}/{*}", "/{*}"], RouteTemplate.ShapesOf("/A/b/"));

    [Fact]
    public void Whatever_a_template_matches_is_found_by_one_of_its_shapes()
    {
        string[] templates = ["", "a", "{x}", "a/{x}", "{x}/b", "a/{x?}", "{**r}", "a/{**r}", "a/{x}/{y=1}", "1/2/3/4/5/6/7/8", "1/2/3/4/5/6/7/{**r}"];
        string[] paths = ["/", "/a", "/a/b", "/a/b/c", "/q", "/1/2/3/4/5/6/7/8", "/1/2/3/4/5/6/7/8/9/10/11"];

        foreach (var template in templates.Select(RouteTemplate.Parse))
            foreach (var path in paths)
                Assert.Equal((template.Text, path, template.Match(path) is not null), (template.Text, path, template.Shapes.Intersect(RouteTemplate.ShapesOf(path)).Any()));
    }
}
