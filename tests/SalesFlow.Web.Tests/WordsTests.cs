namespace SalesFlow.Web.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 задач")]
    [InlineData(1, "1 задача")]
    [InlineData(2, "2 задачи")]
    [InlineData(4, "4 задачи")]
    [InlineData(5, "5 задач")]
    [InlineData(11, "11 задач")]
    [InlineData(12, "12 задач")]
    [InlineData(14, "14 задач")]
    [InlineData(21, "21 задача")]
    [InlineData(22, "22 задачи")]
    [InlineData(25, "25 задач")]
    [InlineData(111, "111 задач")]
    [InlineData(121, "121 задача")]
    public void Russian_nouns_follow_their_number(int number, string expected)
    {
        Given.Language("ru");

        Assert.Equal(expected, Given.Words().Count("task", number));
    }

    [Theory]
    [InlineData(0, "0 tasks")]
    [InlineData(1, "1 task")]
    [InlineData(21, "21 tasks")]
    public void English_nouns_have_two_forms(int number, string expected)
    {
        Given.Language("en");

        Assert.Equal(expected, Given.Words().Count("task", number));
    }

    [Theory]
    [InlineData(-49, "просрочено на 2 дня")]
    [InlineData(-1, "просрочено на 1 час")]
    [InlineData(-0.02, "просрочено на 1 минуту")]
    [InlineData(5, "сегодня до 17:00")]
    [InlineData(24, "завтра до 12:00")]
    [InlineData(24 * 5, "через 5 дней")]
    [InlineData(24 * 21, "через 21 день")]
    public void A_due_time_is_told_from_now_on_the_clock_of_the_reader(double hours, string expected)
    {
        Given.Language("ru");

        Assert.Equal(expected, Given.Words().Due(Given.Tuesday.AddHours(hours)));
    }

    [Fact]
    public void The_same_moment_is_tomorrow_further_east()
    {
        Given.Language("ru");
        var due = Given.Tuesday.AddHours(10);

        Assert.Equal("сегодня до 22:00", Given.Words("Europe/Moscow").Due(due));
        Assert.StartsWith("завтра", Given.Words("Asia/Vladivostok").Due(due), StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_without_a_due_time_says_so()
    {
        Given.Language("en");

        Assert.Equal("no due date", Given.Words().Due(null));
    }

    [Theory]
    [InlineData(60, "1 мин")]
    [InlineData(3600, "1 ч")]
    [InlineData(5400, "1 ч 30 мин")]
    [InlineData(9 * 3600 + 59 * 60, "9 ч 59 мин")]
    [InlineData(85 * 3600 + 59 * 60, "86 ч")]
    [InlineData(400 * 3600 + 600, "400 ч")]
    public void Measured_time_reads_in_hours_and_minutes(double seconds, string expected)
    {
        Given.Language("ru");

        Assert.Equal(expected, Given.Words().Hours(seconds));
    }

    [Fact]
    public void Money_shows_kopecks_only_when_there_are_some()
    {
        Given.Language("ru");

        Assert.Equal("1\u00a0250\u00a0000\u00a0₽", Words.Money(1_250_000m, "RUB"));
        Assert.Equal("10,50\u00a0₽", Words.Money(10.5m, "RUB"));
    }

    [Fact]
    public void An_unknown_time_zone_of_a_browser_leaves_the_clock_at_UTC() =>
        Assert.Equal(TimeZoneInfo.Utc, Given.Time("Mars/Olympus").Zone);
}
