using CsCheck;
using SalesFlow.Sales.Metrics;
using Xunit;

namespace SalesFlow.Sales.Tests.Metrics;

public sealed class ShareTests
{
    [Theory]
    [InlineData(81, 263, 0.308, 0.2553, 0.3662)]    // Newcombe 1998, table I
    [InlineData(15, 148, 0.1014, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0, 0.1611)]
    [InlineData(1, 29, 0.0345, 0.0061, 0.1718)]
    public void It_gives_the_intervals_of_the_textbook(int hits, int trials, double rate, double low, double high)
    {
        var share = Share.Of(hits, trials)!.Value;

        Assert.Equal(rate, share.Rate, 0.0001);
        Assert.Equal(low, share.Low, 0.0001);
        Assert.Equal(high, share.High, 0.0001);
    }

    [Fact]
    public void Nothing_tried_has_no_share() => Assert.Null(Share.Of(0, 0));

    [Fact]
    public void The_interval_holds_the_rate_stays_within_0_and_1_and_mirrors() =>
        Gen.Int[1, 5000].SelectMany(n => Gen.Int[0, n].Select(k => (k, n))).Sample((k, n) =>
        {
            var share = Share.Of(k, n)!.Value;
            var mirror = Share.Of(n - k, n)!.Value;

            Assert.InRange(share.Low, 0, share.Rate + 1e-12);
            Assert.InRange(share.High, share.Rate - 1e-12, 1);
            Assert.Equal(1 - share.High, mirror.Low, 1e-9);
        });

    [Fact]
    public void More_hits_than_trials_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Share.Of(3, 2));
}
