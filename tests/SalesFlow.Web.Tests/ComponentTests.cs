using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Tasks;
using SalesFlow.Web.Deals;
using SalesFlow.Web.Tasks;

namespace SalesFlow.Web.Tests;

/// <summary>What the components put on the page; the commands behind the buttons are tested with the real server.</summary>
public sealed class ComponentTests : BunitContext
{
    public ComponentTests()
    {
        Given.Language("en");
        Services.AddLogging().AddLocalization().AddMudServices();
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Given.Tuesday)).AddScoped<BrowserTime>().AddScoped<Words>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Every_obstacle_says_what_helps_who_can_and_where()
    {
        var list = Render<ObstacleList>(parameters => parameters.Add(p => p.Obstacles,
            [new Obstacle("requiredFields", "The budget is missing.", "Fill in the budget.", "the owner", "/deals/7#task-9")]));

        Assert.Contains("The budget is missing.", list.Markup, StringComparison.Ordinal);
        Assert.Contains("Fill in the budget.", list.Markup, StringComparison.Ordinal);
        Assert.Contains("Who can help: the owner", list.Markup, StringComparison.Ordinal);
        Assert.Equal("/deals/7#task-9", list.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void The_only_way_on_is_not_listed_twice_and_several_are()
    {
        Obstacle budget = new("requiredFields", "The budget is missing.", "Fill in the budget.", "the owner", "/deals/7"), offer = new("requiredDocument", "Issue the offer.", "Issue it.", "the owner", "/deals/7");

        var one = Render<FixList>(parameters => parameters.Add(p => p.Obstacles, [budget, offer]).Add(p => p.Fixes, [new MoveFix(2, [budget, offer])]));
        var two = Render<FixList>(parameters => parameters.Add(p => p.Obstacles, [budget, offer]).Add(p => p.Fixes, [new MoveFix(2, [budget]), new MoveFix(3, [offer])]));

        Assert.Equal((2, 0), (one.FindAll(".obstacles li").Count, one.FindAll(".fix-steps").Count));
        Assert.Contains("about 2 h of working time", one.Markup, StringComparison.Ordinal);
        Assert.Equal((2, 2), (two.FindAll(".obstacles li").Count, two.FindAll(".fix-steps").Count));
    }

    [Fact]
    public void The_stage_a_deal_stands_in_is_marked_for_screen_readers()
    {
        var steps = StageStep.Path(Given.Pipeline(("qualification", 8), ("offer", 8)), Given.Deal(), [Given.Visit("offer", 9)]);

        var path = Render<StagePath>(parameters => parameters.Add(p => p.Steps, steps));

        Assert.Equal("step", path.FindAll("li")[1].GetAttribute("aria-current"));
        Assert.Null(path.FindAll("li")[0].GetAttribute("aria-current"));
        Assert.Contains("9 h of 8 h", path.Markup, StringComparison.Ordinal);
        Assert.Contains("over the limit", path.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_typed_into_a_form_is_kept_under_its_field_and_an_emptied_one_is_dropped()
    {
        var answers = new Dictionary<string, object?>();
        var form = Render<TaskForm>(parameters => parameters.Add(p => p.Fields, [new FormFieldView("need", "Need", "text", true, [], [])]).Add(p => p.Answers, answers));

        form.Find("input").Input("pumps");
        Assert.Equal("pumps", answers["need"]);

        form.Find("input").Input("");
        Assert.Empty(answers);
    }

    [Fact]
    public void A_required_field_is_marked_and_shows_what_the_server_said_about_it()
    {
        var trouble = new Trouble("Check", [], new Dictionary<string, string[]> { ["fields.need"] = ["Say what the client needs."] });

        var form = Render<TaskForm>(parameters => parameters.Add(p => p.Fields, [new FormFieldView("need", "Need", "text", true, [], [])]).Add(p => p.Trouble, trouble));

        Assert.Contains("Need *", form.Markup, StringComparison.Ordinal);
        Assert.Contains("Say what the client needs.", form.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_some_buttons_need_is_marked_and_names_them()
    {
        var form = Render<TaskForm>(parameters => parameters.Add(p => p.Fields, [new FormFieldView("reason", "Reason", "text", false, [], ["no"])])
            .Add(p => p.Outcomes, [new OutcomeView("yes", "Agreed"), new OutcomeView("no", "Declined")]));

        Assert.Contains("Reason *", form.Markup, StringComparison.Ordinal);
        Assert.Contains("Required for: Declined", form.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Obstacles_that_the_same_person_can_remove_name_that_person_once()
    {
        var list = Render<ObstacleList>(parameters => parameters.Add(p => p.Obstacles,
            [new Obstacle("a", "No budget.", null, "Anna", null), new Obstacle("b", "No offer.", null, "Anna", null)]));

        Assert.Single(list.FindAll(".obstacle-who"));
    }

    [Fact]
    public void Only_stages_that_the_person_may_ask_for_are_buttons()
    {
        var steps = StageStep.Path(Given.Pipeline(("offer", 8), ("contract", 8)), Given.Deal(), [Given.Visit("offer", 1)]);
        MoveView? chosen = null;

        var path = Render<StagePath>(parameters => parameters.Add(p => p.Steps, steps)
            .Add(p => p.Moves, [new MoveView("offer", "Offer", false, [], []), new MoveView("contract", "Contract", true, [], [])]).Add(p => p.Chosen, move => chosen = move));
        path.Find("button").Click();

        Assert.Single(path.FindAll("button"));
        Assert.Equal("contract", chosen?.Stage);
    }
}
