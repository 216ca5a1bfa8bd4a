using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SalesFlow.Solution.Tests;

/// <summary>What every source file keeps to.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] TextFiles = [".cs", ".razor", ".csproj", ".props", ".json", ".sh", ".md", ".yaml", ".config", ".resx", ".css", ".js"];

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = Repository.Files("src", ".cs", ".razor").Where(file => !Repository.IsGenerated(file))
            .Select(file => (file, lines: Repository.Text(file).Count(letter => letter == '\n'))).Where(file => file.lines > 400);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Every_public_type_says_what_it_is()
    {
        var types = Repository.Files("src", ".cs").Where(file => !Repository.IsGenerated(file))
            .SelectMany(file => PublicType().Matches(Repository.Text(file)).Select(type => (Where: $"{file}: {type.Groups["name"].Value}", Key: Path.GetDirectoryName(file) + type.Groups["name"].Value, Said: type.Groups["said"].Success)));

        // A partial type is described in one of its files.
        Assert.Empty(types.GroupBy(type => type.Key).Where(type => !type.Any(part => part.Said)).Select(type => type.First().Where));
    }

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on()
    {
        var files = Repository.Files("src", TextFiles).Concat(Repository.Files("tests", TextFiles)).Concat(Repository.Files("workflows")).Concat(Repository.Files("docker")).Concat(Repository.Files(".ci")).Append("README.md");

        Assert.Empty(files.Where(file => !file.Contains("/elsa-cases/", StringComparison.Ordinal)).SelectMany(file => MachinePlaces().Matches(Repository.Text(file)).Select(place => $"{file}: {place.Value}")));
    }

    [Fact]
    public void Nothing_is_left_to_do()
    {
        var files = Repository.Files("src", ".cs", ".razor").Where(file => !Repository.IsGenerated(file));

        Assert.Empty(files.SelectMany(file => Unfinished().Matches(Repository.Text(file)).Select(word => $"{file}: {word.Value}")));
    }

    [Fact]
    public void Every_text_is_in_both_languages()
    {
        var russian = Repository.Files("src", ".ru.resx").ToList();

        Assert.NotEmpty(russian);
        Assert.All(russian, file => Assert.Equal(Keys(file.Replace(".ru.resx", ".resx", StringComparison.Ordinal)), Keys(file)));
    }

    private static IEnumerable<string> Keys(string file) => XDocument.Parse(Repository.Text(file)).Root!.Elements("data").Select(text => text.Attribute("name")!.Value).Order();

    [GeneratedRegex(@"(?m)(?<said>^[ \t]*///[^\n]*\n(?:[ \t]*\[[^\n]*\n)*)?^[ \t]*public (?:(?:sealed|static|abstract|readonly|partial|unsafe|ref) )*(?:class|record struct|record|struct|enum|interface|delegate [\w<>?]+) (?<name>\w+)")]
    private static partial Regex PublicType();

    [GeneratedRegex(@"(?<![\w.}])/(?:work|home|root|Users)/[\w.-]+|\bnuget\.org\b|\bnpmjs\.(?:org|com)\b|\bdeb\.debian\.org\b")]
    private static partial Regex MachinePlaces();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
