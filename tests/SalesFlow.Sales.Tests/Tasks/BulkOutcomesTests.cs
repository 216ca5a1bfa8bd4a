using SalesFlow.Sales.Tasks;
using Xunit;

namespace SalesFlow.Sales.Tests.Tasks;

public sealed class BulkOutcomesTests
{
    [Fact]
    public void Only_buttons_that_all_tasks_have_and_that_ask_for_nothing_are_offered()
    {
        var (call, form) = (Task("call", [], "Done", "Later"), Task("form", [Field(requiredFor: "Done")], "Done", "Later"));

        Assert.Equal("Done Later", Keys(call));
        Assert.Equal("Later", Keys(call, form));
        Assert.Equal("", Keys(call, Task("all", [Field(required: true)], "Done", "Later")));
        Assert.Equal("", Keys(call, Task("other", [], "Yes")));
        Assert.Equal("Done", Keys(Task("only", [Field(required: true, onlyFor: "Later")], "Done", "Later")));
        Assert.Equal("", Keys());
    }

    [Fact]
    public void Terms_are_decided_on_one_by_one() => Assert.Equal("", Keys(Task("terms", [], "Approved", "Rejected") with { Approval = true }));

    private static string Keys(params TaskView[] tasks) => string.Join(' ', BulkOutcomes.Common(tasks).Select(outcome => outcome.Key));

    private static FormFieldView Field(bool required = false, string? requiredFor = null, string? onlyFor = null) =>
        new("budget", "Budget", "number", required, [], requiredFor is null ? [] : [requiredFor], [], onlyFor is null ? null : [onlyFor]);

    private static TaskView Task(string id, FormFieldView[] form, params string[] outcomes) => new()
    {
        Id = id, DealId = "1", DealNumber = "D-1", DealTitle = "T", ClientName = "C", Title = id, Description = "", Stage = "s", Candidates = [], CreatedAt = default, Overdue = false,
        Outcomes = [.. outcomes.Select(key => new OutcomeView(key, key))], Form = [.. form], Status = "open", Version = 1,
    };
}
