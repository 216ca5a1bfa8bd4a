using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tests.Activities;

/// <summary>A list of words may be ticked off in Studio or written by hand.</summary>
public sealed class WordListTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""[null, " "]""")]
    [InlineData("owner, role:rep", "owner", "role:rep")]
    [InlineData("""["owner", "team:East, West"]""", "owner", "team:East, West")]
    [InlineData("""["\u043E\u0442"]""", "от")]
    [InlineData("[owner", "[owner")]
    public void It_is_read_as_it_is_meant(string? written, params string[] words) => Assert.Equal(words, WordList.Read(written));

    [Theory]
    [InlineData("""["owner", "role:rep"]""", "owner, role:rep")]
    [InlineData("""["team:East, West"]""", """["team:East, West"]""")]
    public void It_is_kept_as_people_read_it(string written, string kept)
    {
        Assert.Equal(kept, WordList.Write(WordList.Read(written)));
        Assert.Equal(WordList.Read(written), WordList.Read(kept));
    }

    [Fact]
    public void Members_that_were_ticked_off_are_those_that_were_written()
    {
        var (owner, people) = (new UserId(7), new PeopleBook([]));

        Assert.Equal(MeetingMembers.Of("owner", owner, people), MeetingMembers.Of("""["owner"]""", owner, people));
        Assert.Equal("boris", MeetingMembers.Unknown("""["owner", "boris"]"""));
        Assert.Null(MeetingMembers.Unknown("""["owner", "team:East, West"]"""));
    }
}
