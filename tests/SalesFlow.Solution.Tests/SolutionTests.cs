using System.Xml.Linq;

namespace SalesFlow.Solution.Tests;

/// <summary>Holds the lines that the compiler cannot: who may refer to whom, and from which versions on.</summary>
public sealed class SolutionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Engine"] = [], ["Runtime"] = ["Engine"], ["Sales"] = ["Runtime"], ["Storage"] = ["Sales"],
        ["Studio"] = ["Runtime"], ["Web"] = ["Sales"], ["Server"] = ["Sales", "Storage", "Studio", "Web"],
    };

    [Fact]
    public void Projects_refer_to_each_other_in_one_direction()
    {
        var actual = Repository.Files("src", ".csproj").ToDictionary(Name, file => References(file).Order().ToArray());

        Assert.Equal(Allowed.Keys.Order(), actual.Keys.Order());
        Assert.All(Allowed, project => Assert.Equal(project.Value.Order(), actual[project.Key]));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Text("SalesFlow.sln").Replace('\\', '/');

        Assert.All(Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj")), project => Assert.Contains(project, solution));
    }

    [Theory]
    [InlineData("Scriban.Signed", "7.5.3")]
    [InlineData("Microsoft.AspNetCore.Identity.EntityFrameworkCore", "10.0.7")]
    [InlineData("Microsoft.AspNetCore.OpenApi", "10.0.7")]
    public void No_package_is_older_than_the_last_with_a_known_hole(string package, string floor)
    {
        var version = XDocument.Parse(Repository.Text("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(line => line.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

        Assert.True(Version.Parse(version) >= Version.Parse(floor), $"{package} is {version}; it must be at least {floor}.");
    }

    [Fact]
    public void No_project_chooses_a_version_by_itself() =>
        Assert.All(Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj")), project =>
            Assert.DoesNotContain(XDocument.Parse(Repository.Text(project)).Descendants("PackageReference"), package => package.Attribute("Version") is not null));

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project)["SalesFlow.".Length..];

    private static IEnumerable<string> References(string project) =>
        XDocument.Parse(Repository.Text(project)).Descendants("ProjectReference").Select(reference => Name(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
