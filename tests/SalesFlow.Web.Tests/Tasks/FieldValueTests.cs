using System.Text.Json;
using SalesFlow.Web.Tasks;

namespace SalesFlow.Web.Tests.Tasks;

public sealed class FieldValueTests
{
    [Fact]
    public void A_field_begins_with_what_the_deal_already_holds()
    {
        using var json = JsonDocument.Parse("""{"budget":1250.5,"note":"ok","signed":true,"none":null}""");

        Assert.Equal(1250.5m, FieldValue.For("money", json.RootElement.GetProperty("budget")));
        Assert.Equal(7m, FieldValue.For("number", 7d));
        Assert.Equal("ok", FieldValue.For("text", json.RootElement.GetProperty("note")));
        Assert.Equal(true, FieldValue.For("bool", json.RootElement.GetProperty("signed")));
        Assert.Equal("2026-03-10", FieldValue.For("date", "2026-03-10T09:00:00+03:00"));
        Assert.Null(FieldValue.For("text", json.RootElement.GetProperty("none")));
    }

    [Fact]
    public void A_value_that_does_not_fit_the_input_is_left_empty()
    {
        Assert.Null(FieldValue.For("money", "a lot"));
        Assert.Null(FieldValue.For("date", "soon"));
        Assert.Null(FieldValue.For("bool", "perhaps"));
    }
}
