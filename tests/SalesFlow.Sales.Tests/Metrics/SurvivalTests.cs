using CsCheck;
using SalesFlow.Sales.Metrics;
using Xunit;

namespace SalesFlow.Sales.Tests.Metrics;

public sealed class SurvivalTests
{
    private static readonly Gen<List<Stay>> Stays = Gen.Select(Gen.Int[0, 30], Gen.Bool, (s, e) => new Stay(s, e)).List[1, 60];

    [Fact]
    public void It_gives_the_curve_of_the_textbook()
    {
        // The 6-MP arm of Freireich's leukaemia trial (1963): remission in weeks, a minus is censored.
        int[] weeks = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35];
        var survival = new Survival(weeks.Select(w => new Stay(Math.Abs(w), w > 0)));

        Assert.Equal(0.8571, survival.Beyond(6), 0.0001);
        Assert.Equal(0.8067, survival.Beyond(7), 0.0001);
        Assert.Equal(0.7529, survival.Beyond(10), 0.0001);
        Assert.Equal(0.6902, survival.Beyond(13), 0.0001);
        Assert.Equal(0.6275, survival.Beyond(16), 0.0001);
        Assert.Equal(0.5378, survival.Beyond(22), 0.0001);
        Assert.Equal(0.4482, survival.Beyond(23), 0.0001);
        Assert.Equal(23, survival.Quantile(0.5));
        Assert.Null(survival.Quantile(0.9));
    }

    [Fact]
    public void With_every_stay_ended_a_quantile_is_an_order_statistic() =>
        Stays.Select(Gen.Double[0.01, 0.99]).Sample((stays, share) =>
        {
            var sorted = stays.Select(s => s.Seconds).Order().ToArray();
            var expected = sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length - 1e-9) - 1)];

            Assert.Equal(expected, new Survival(stays.Select(s => s with { Ended = true })).Quantile(share));
        });

    [Fact]
    public void The_curve_falls_and_counting_open_stays_never_makes_a_stage_look_quicker() =>
        Stays.Sample(stays =>
        {
            var survival = new Survival(stays);
            var naive = new Survival(stays.Select(s => s with { Ended = true }));

            for (var t = 0; t < 31; t++)
            {
                Assert.InRange(survival.Beyond(t + 1), 0, survival.Beyond(t));
                Assert.True(survival.Beyond(t) >= naive.Beyond(t) - 1e-9);
            }
        });

    [Fact]
    public void The_order_of_the_stays_does_not_matter() =>
        Stays.Sample(stays => Assert.Equal(new Survival(stays).Quantile(0.5), new Survival(stays.AsEnumerable().Reverse()).Quantile(0.5)));

    [Fact]
    public void Nothing_measured_has_no_median() => Assert.Null(new Survival([]).Quantile(0.5));

    [Fact]
    public void A_share_of_nothing_or_all_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Survival([]).Quantile(1));
}
