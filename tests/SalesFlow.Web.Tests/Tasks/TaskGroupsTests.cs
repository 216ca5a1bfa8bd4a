using SalesFlow.Web.Tasks;

namespace SalesFlow.Web.Tests.Tasks;

public sealed class TaskGroupsTests
{
    [Fact]
    public void Tasks_are_late_for_today_or_can_wait()
    {
        var late = Given.Task("1", Given.Tuesday.AddMinutes(-1));
        var today = Given.Task("2", Given.Tuesday.AddHours(8));
        var tomorrow = Given.Task("3", Given.Tuesday.AddHours(15));
        var whenever = Given.Task("4");

        var groups = TaskGroups.Of([whenever, tomorrow, today, late], Given.Time());

        Assert.Equal(["1"], groups.Overdue.Select(task => task.Id));
        Assert.Equal(["2"], groups.Today.Select(task => task.Id));
        Assert.Equal(["3", "4"], groups.Later.Select(task => task.Id));
    }

    [Fact]
    public void What_waits_for_the_client_or_was_put_off_is_not_late()
    {
        var waiting = Given.Task("1", Given.Tuesday.AddMinutes(-1)) with { WaitingSince = Given.Tuesday.AddHours(-2) };
        var putOff = Given.Task("2", Given.Tuesday.AddMinutes(-1)) with { SnoozedUntil = Given.Tuesday.AddHours(1) };
        var back = Given.Task("3", Given.Tuesday.AddMinutes(-1)) with { SnoozedUntil = Given.Tuesday.AddHours(-1) };

        var groups = TaskGroups.Of([waiting, putOff, back], Given.Time());

        Assert.Equal(["1"], groups.Waiting.Select(task => task.Id));
        Assert.Equal(["2"], groups.Snoozed.Select(task => task.Id));
        Assert.Equal(["3"], groups.Overdue.Select(task => task.Id));
    }

    [Fact]
    public void Today_ends_at_midnight_of_the_reader()
    {
        var eveningInMoscow = Given.Task("1", Given.Tuesday.AddHours(10));

        Assert.Single(TaskGroups.Of([eveningInMoscow], Given.Time("Europe/Moscow")).Today);
        Assert.Single(TaskGroups.Of([eveningInMoscow], Given.Time("Asia/Vladivostok")).Later);
    }
}
