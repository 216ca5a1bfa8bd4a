using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tests.Workflows;

namespace SalesFlow.Sales.Tests.Pipelines;

public sealed class ShippedPipelineTests
{
    [Theory]
    [InlineData("b2b-new-clients", "Новые клиенты B2B", "New B2B clients", "qualification, meeting, offer, terms, contract")]
    [InlineData("key-accounts", "Ключевые клиенты", "Key accounts", "research, stakeholders, discovery, pilot, pilot-review, terms, framework")]
    public void A_pipeline_has_a_name_in_both_languages_and_its_stages_in_the_order_of_the_flow(string name, string russian, string english, string stages)
    {
        var pipeline = Pipeline.Read(Shipped.Definition(name));

        Assert.Equal((russian, english), (pipeline.Name.Ru, pipeline.Name.En));
        Assert.Equal(stages, string.Join(", ", pipeline.Stages.Select(stage => stage.Key)));
    }

    [Fact]
    public void A_definition_that_says_its_name_once_is_called_so_in_both_languages()
    {
        const string plain = """{"name": "Sales", "customProperties": {"nameRu": ""}, "root": {"id": "f", "type": "Elsa.Flowchart", "activities": []}}""";

        var name = Pipeline.Read(Assert.IsType<Reading.Fine>(Shipped.Read(plain)).Definition).Name;

        Assert.Equal(("Sales", "Sales"), (name.Ru, name.En));
    }
}
