using System.IO.Compression;
using System.Xml.Linq;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>The packages, as a team gets them that never sees this repository.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageTests(PackedFeed feed)
{
    [Theory]
    [InlineData("Chard.Domain", "lib/net10.0/Chard.Domain.dll", "lib/net10.0/Chard.Domain.xml")]
    [InlineData("Chard", "lib/net10.0/Chard.dll", "lib/net10.0/Chard.xml")]
    [InlineData("Chard.DurableTask.Sqlite", "lib/net10.0/Chard.DurableTask.Sqlite.dll", "lib/net10.0/Chard.DurableTask.Sqlite.xml")]
    [InlineData("Chard.LocalHost", "tools/net10.0/Chard.LocalHost.dll", "build/Chard.LocalHost.targets", "tools/azurite/package-lock.json")]
    [InlineData(
        "Chard.Testing", "lib/net10.0/Chard.Testing.dll", "lib/net10.0/Chard.Testing.xml", "lib/net10.0/Chard.LocalHost.dll",
        "buildTransitive/Chard.Testing.targets", "tools/azurite/package-lock.json")]
    [InlineData("Chard.Tool", "tools/net10.0/any/Chard.Tool.dll", "tools/net10.0/any/DotnetToolSettings.xml")]
    [InlineData(
        "Chard.Templates", "content/chard-app/.template.config/template.json", "content/chard-app/.gitignore",
        "content/chard-app/Directory.Packages.props", "content/chard-app/infra/bicep/main.bicep",
        "content/chard-task/.template.config/template.json", "content/chard-workflow/.template.config/template.json")]
    public void Package_HasItsFilesReadmeAndLicence(string id, params string[] files)
    {
        using ZipArchive package = ZipFile.OpenRead(feed.FileOf(id));

        Assert.Superset(new HashSet<string>([.. files, "PACKAGE.md"]), package.Entries.Select(e => e.FullName).ToHashSet());
        XElement about = XElement.Load(package.GetEntry($"{id}.nuspec")!.Open()).Elements().Single();
        string? Of(string name) => about.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
        Assert.Equal(("MIT", "PACKAGE.md"), (Of("license"), Of("readme")));
        Assert.False(string.IsNullOrWhiteSpace(Of("description")));
        XElement source = about.Elements().Single(e => e.Name.LocalName == "repository");
        Assert.Matches("^[0-9a-f]{40}$", source.Attribute("commit")!.Value);
    }
}
