using System.Text.Json;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using Xunit;

namespace SalesFlow.Engine.Tests.Expressions;

public class ConversionTests
{
    public static TheoryData<object?, string, object?> Scalars => new()
    {
        { null, "Int32", null }, { 2.5, "Int32", 2 }, { 3.5, "Int32", 4 }, { 1e300, "Int32", 0 }, { "7", "Int32", 7 }, { "seven", "Int32", 0 }, { "seven", "Int32?", null },
        { "", "Int32", null }, { "", "String", "" }, { "1.5", "Decimal", 1.5m }, { 5m, "String", "5" }, { 1.5, "String", "1.5" }, { true, "String", "True" },
        { "true", "Boolean", true }, { 1m, "boolean", true }, { "yes", "Boolean", false }, { "01:30:00", "TimeSpan", TimeSpan.FromMinutes(90) }, { "1", "TimeSpan", TimeSpan.FromDays(1) },
        { 90m, "TimeSpan", TimeSpan.Zero }, { "x", "Object", "x" }, { "{\"a\":1}", "Object", "{\"a\":1}" }, { "x", "Unheard", "x" }, { "{\"a\":1}", "String", "{\"a\":1}" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(3)), "DateTime", new DateTime(2026, 1, 2, 3, 4, 5) },
        { "2026-01-02", "DateTimeOffset", new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero) },
    };

    [Theory, MemberData(nameof(Scalars))]
    public void A_scalar_is_converted_as_in_Elsa(object? value, string type, object? expected) => Assert.Equal(expected, Conversion.To(value, type));

    [Theory, InlineData("banana", "TimeSpan", "System.TimeSpan"), InlineData("soon", "DateTimeOffset", "System.DateTimeOffset"), InlineData("x", "Guid?", "System.Guid")]
    public void Text_that_is_no_time_and_no_GUID_faults_with_Elsas_words(string text, string type, string name) =>
        Assert.StartsWith($"Failed to convert an object of type System.String to {name}", Assert.Throws<FaultException>(() => Conversion.To(text, type)).Message);

    [Theory, InlineData("System.Int32, System.Private.CoreLib", "7", 7), InlineData("System.String", "7", "7"), InlineData("UnregisteredClrType:Acme.Rocket", "7", "7")]
    public void Types_are_known_by_their_NET_names_too(string type, string text, object expected) => Assert.Equal(expected, Conversion.To(text, type));

    [Fact]
    public void Lists_are_converted_item_by_item_and_text_is_one_item()
    {
        Assert.Equal(new[] { 1, 2 }, Conversion.To("[1, \"2\"]", "Int32", isArray: true));
        Assert.Equal(new List<string> { "a,b" }, Conversion.To("a,b", "ICollection<String>"));
        Assert.Equal(new[] { 1.0, 2.0 }, Conversion.To(new object?[] { 1, 2m }, "Double[]"));
        Assert.Equal(["x", "y"], Conversion.To<IReadOnlyList<string>>(new object?[] { "x", "y" })!);
    }

    [Fact]
    public void JSON_text_becomes_plain_values_and_broken_JSON_faults()
    {
        var map = Assert.IsType<Dictionary<string, object?>>(Conversion.To("{\"a\":[1,2.5,null]}", "ObjectDictionary"));

        Assert.Equal([1L, 2.5m, null], (List<object?>)map["a"]!);
        Assert.Contains("begins like JSON but is not", Assert.Throws<FaultException>(() => Conversion.To("{oops", "ObjectDictionary")).Message);
        Assert.Equal("[{\"a\":1}]", Conversion.To(new List<object?> { new Dictionary<string, object?> { ["a"] = 1L } }, "String"));
    }

    [Fact]
    public void An_enum_is_named_exactly_or_numbered()
    {
        Assert.Equal(DayOfWeek.Friday, Conversion.To<DayOfWeek>("Friday"));
        Assert.Equal(DayOfWeek.Friday, Conversion.To<DayOfWeek>(5L));
        Assert.Equal(DayOfWeek.Sunday, Conversion.To<DayOfWeek>(5m));
        Assert.Contains("'friday' is not one of Sunday", Assert.Throws<FaultException>(() => Conversion.To<DayOfWeek>("friday")).Message);
    }

    [Theory]
    [InlineData("Literal", "5", "Int32", 5)]
    [InlineData("Literal", "\"5\"", "Decimal", 5)]
    [InlineData("Object", "\"{\\\"a\\\":1}\"", "Object", "{\"a\":1}")]
    [InlineData("Literal", "{\"a\":1}", "Object", "{\"a\":1}")]
    [InlineData("Variable", "{\"id\":\"v1\",\"name\":\"none\"}", "Int32", 8)]
    [InlineData("Variable", "\"{\\\"id\\\":\\\"gone\\\",\\\"name\\\":\\\"v1\\\"}\"", "Int32", 8)]
    [InlineData("Input", "{\"name\":\"city\"}", "String", "Omsk")]
    public void Values_written_in_the_definition_are_read(string type, string json, string target, object expected)
    {
        var scope = new TestScope { Variables = { ["v1"] = 8m }, Inputs = { ["city"] = "Omsk" } };

        var value = new Evaluator(new EngineLimits()).Evaluate(new Expression(type, JsonDocument.Parse(json).RootElement), scope, target);

        Assert.Equal(expected, value is decimal number ? (int)number : value);
    }
}
