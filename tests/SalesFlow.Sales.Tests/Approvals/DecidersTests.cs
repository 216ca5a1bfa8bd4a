using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tests.Approvals;

/// <summary>Those whom a level of a matrix may name, as people choose them.</summary>
public sealed class DecidersTests
{
    private static readonly UserView Zoe = Person("zoe", "Zoe"), Anna = Person("anna", "Anna"), Other = Person("anna.b", "anna"), Gone = Person("gone", "Max") with { Active = false };

    [Fact]
    public void Roles_come_first_and_people_by_name_of_whom_those_of_one_name_are_told_apart()
    {
        var deciders = Deciders.Of([Zoe, Other, Anna], "en");

        Assert.Equal(["any sales representative", "the head of sales", "any approver", "the process owner", "an administrator", "Anna (anna)", "anna (anna.b)", "Zoe"], deciders.Select(one => one.Name));
        Assert.Equal(["role:approver", "user:zoe"], [deciders[2].Who, deciders[^1].Who]);
        Assert.Equal("любой согласующий", Deciders.Of([], "ru")[2].Name);
    }

    [Fact]
    public void Whoever_has_left_keeps_a_name_and_is_not_offered_and_somebody_unknown_stays_as_written()
    {
        var deciders = Deciders.Of([Gone, Anna], "ru");

        Assert.Equal(("Max, больше не работает", false), deciders.Single(one => one.Who == "user:gone") is var gone ? (gone.Name, gone.Offered) : default);
        Assert.Equal(["Anna", "user:nobody"], [Deciders.NameOf(deciders, "user:ANNA"), Deciders.NameOf(deciders, "user:nobody")]);
    }

    private static UserView Person(string name, string display) => new(name, name, display, [Roles.Approver], null, "en");
}
