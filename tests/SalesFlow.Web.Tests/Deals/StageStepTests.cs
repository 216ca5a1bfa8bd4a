using SalesFlow.Web.Deals;

namespace SalesFlow.Web.Tests.Deals;

public sealed class StageStepTests
{
    [Fact]
    public void The_path_tells_passed_skipped_current_and_coming_stages_apart()
    {
        var pipeline = Given.Pipeline(("qualification", 8), ("meeting", 16), ("offer", 16), ("contract", null));

        var steps = StageStep.Path(pipeline, Given.Deal(stage: "offer"),
            [Given.Visit("qualification", 3, left: Given.Tuesday.AddHours(5)), Given.Visit("offer", 2)]);

        Assert.Equal([StagePlace.Passed, StagePlace.Skipped, StagePlace.Current, StagePlace.Ahead], steps.Select(step => step.Place));
    }

    [Fact]
    public void Two_stays_in_a_stage_count_together_against_its_limit()
    {
        var steps = StageStep.Path(Given.Pipeline(("offer", 8)), Given.Deal(), [Given.Visit("offer", 5), Given.Visit("offer", 4)]);

        Assert.Equal(9 * 3600, steps[0].SpentSeconds);
        Assert.True(steps[0].Over);
    }

    [Fact]
    public void A_stay_that_still_lasts_is_counted_up_to_now()
    {
        var steps = StageStep.Path(Given.Pipeline(("offer", 1)), Given.Deal(), [Given.Visit("offer", 2, limit: 1)]);

        Assert.Equal(2 * 3600, steps[0].SpentSeconds);
        Assert.True(steps[0].Over);
    }

    [Fact]
    public void The_limit_is_the_one_that_was_computed_for_the_stay_and_only_without_a_stay_the_written_one()
    {
        var steps = StageStep.Path(Given.Pipeline(("qualification", 8), ("offer", null), ("contract", 16)), Given.Deal(stage: "offer"), [Given.Visit("qualification", 3, limit: null), Given.Visit("offer", 2, limit: 5)]);

        Assert.Equal([null, 5 * 3600, 16 * 3600], steps.Select(step => step.LimitSeconds));
    }

    [Fact]
    public void A_closed_deal_stands_in_no_stage()
    {
        var steps = StageStep.Path(Given.Pipeline(("offer", 8)), Given.Deal(state: "won"), [Given.Visit("offer", 5)]);

        Assert.Equal(StagePlace.Passed, steps[0].Place);
    }
}
