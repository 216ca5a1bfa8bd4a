using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Tasks;
using Xunit;

namespace SalesFlow.Sales.Tests.Tasks;

public sealed class TaskFormTests
{
    private const string Form = """
        [{"field": "need", "requiredFor": ["Yes"]},
         {"field": "why", "type": "choice", "requiredFor": ["No"], "onlyFor": ["No"], "options": ["plain", {"value": "price", "ru": "Дорого", "en": "Too dear"}]}]
        """;

    [Fact]
    public void A_choice_speaks_the_language_of_the_reader_and_keeps_its_values()
    {
        var field = FormFieldView.Of(TaskActivity.Form(Form)[1], "en");

        Assert.Equal(["plain", "price"], field.Options);
        Assert.Equal(["plain", "Too dear"], field.OptionNames);
        Assert.Equal("Дорого", TaskActivity.Form(Form)[1].NameOf("price").Ru);
    }

    [Fact]
    public void A_field_that_another_button_asks_for_is_neither_demanded_nor_kept()
    {
        var read = TaskForm.Read(TaskActivity.Form(Form), new Dictionary<string, object?> { ["need"] = "gates", ["why"] = "price" }, "Yes", "en");

        Assert.Equal(["need"], read.Keys);
        Assert.Contains("why", Assert.Throws<ValidationException>(() => TaskForm.Read(TaskActivity.Form(Form), null, "No", "en")).Errors.Keys);
    }
}
