using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SalesFlow.Web.Tests;

public sealed partial class ResourceTests
{
    private static readonly string Web = Path.Combine(Root(), "src", "SalesFlow.Web");

    [Fact]
    public void Both_languages_have_the_same_texts()
    {
        var (english, russian) = (Read("Texts.resx"), Read("Texts.ru.resx"));

        Assert.Equal(english.Keys.Order(), russian.Keys.Order());
        Assert.All(english.Concat(russian), text => Assert.False(string.IsNullOrWhiteSpace(text.Value), $"{text.Key} is empty."));
    }

    [Fact]
    public void Both_languages_fill_in_the_same_values()
    {
        var (english, russian) = (Read("Texts.resx"), Read("Texts.ru.resx"));

        Assert.All(english, text => Assert.Equal(Placeholders(text.Value), Placeholders(russian[text.Key])));
    }

    [Fact]
    public void Every_text_that_a_page_asks_for_exists()
    {
        var known = Read("Texts.resx");

        var asked = Sources().SelectMany(file => Lookup().Matches(File.ReadAllText(file)).SelectMany(lookup => Literal().Matches(lookup.Value))
            .Select(literal => literal.Groups[1].Value));

        // A counted noun names three texts; format strings and the wire's words are no texts at all.
        Assert.All(asked.Distinct().Except(["N0", "t", "locked"]), key => Assert.True(known.ContainsKey(key) || known.ContainsKey($"{key}_many"), $"Texts.resx has no '{key}'."));
    }

    [Fact]
    public void No_component_holds_Russian_letters_or_an_English_sentence()
    {
        var found = Directory.EnumerateFiles(Web, "*.razor", SearchOption.AllDirectories).SelectMany(file => Offences(Path.GetFileName(file), File.ReadAllText(file)));

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("<p>Привет</p>")]
    [InlineData("<h1>Nothing was found here</h1>")]
    [InlineData("<MudTextField Label=\"Name of the client\" />")]
    [InlineData("<button aria-label=\"Close this\">x</button>")]
    public void The_check_sees_a_text_that_was_written_into_a_page(string markup) => Assert.NotEmpty(Offences("Page.razor", markup));

    private static IEnumerable<string> Offences(string file, string source)
    {
        var markup = Comment().Replace(CodeBlock().Replace(source, ""), "");
        var literals = LabelAttribute().Matches(markup).Select(label => label.Groups[1].Value);
        var sentences = TextBetweenTags().Matches(markup).Select(text => text.Groups[1].Value).Where(text => !text.Contains('@') && !text.Contains('{') && !text.Contains(';'));
        return literals.Concat(sentences).Where(text => Words().IsMatch(text)).Concat(Cyrillic().Matches(markup).Select(letters => letters.Value)).Select(text => $"{file}: {text.Trim()}");
    }

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Web, "*.*", SearchOption.AllDirectories)
        .Where(file => (file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal)) && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static Dictionary<string, string> Read(string name) => XDocument.Load(Path.Combine(Web, name)).Root!.Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static IEnumerable<string> Placeholders(string text) => Placeholder().Matches(text).Select(match => match.Value).Order();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SalesFlow.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"SalesFlow.sln is in no folder above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Placeholder();
    [GeneratedRegex(@"(?:\bT|\btexts)\[[^\]]*\]")]
    private static partial Regex Lookup();
    [GeneratedRegex("(?<!\\$)\"([A-Za-z][A-Za-z_0-9]*)\"")]
    private static partial Regex Literal();
    [GeneratedRegex(@"^@code \{.*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();
    [GeneratedRegex(@"@\*.*?\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
    [GeneratedRegex("(?:Label|Text|Placeholder|HelperText|ErrorText|Title|title|aria-label|placeholder|alt)=\"([^@\"]+)\"")]
    private static partial Regex LabelAttribute();
    [GeneratedRegex(">([^<>]+)<")]
    private static partial Regex TextBetweenTags();
    [GeneratedRegex(@"[A-Za-z]{2,}\s+[A-Za-z]{2,}")]
    private static partial Regex Words();
    [GeneratedRegex(@"\p{IsCyrillic}+")]
    private static partial Regex Cyrillic();
}
