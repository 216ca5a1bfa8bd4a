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
    public void Today_ends_at_midnight_of_the_reader()
    {
        var eveningInMoscow = Given.Task("1", Given.Tuesday.AddHours(10));

        Assert.Single(TaskGroups.Of([eveningInMoscow], Given.Time("Europe/Moscow")).Today);
        Assert.Single(TaskGroups.Of([eveningInMoscow], Given.Time("Asia/Vladivostok")).Later);
    }
}
