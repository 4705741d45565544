using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Chard.EndToEnd.Tests.Repository;

/// <summary>Rules of docs/design.md that no compiler holds.</summary>
public sealed partial class SourceRulesTests
{
    private const int MaxColumns = 140;

    // A style sheet, whose line breaks would be sent.
    private const string LongLines = "src/Functions/Reports/Html/ReportStyle.cs";

    public static TheoryData<string> Assemblies => ["Chard.Domain", "Chard.Functions", "Chard.LocalHost", "Chard.DurableTask.Sqlite"];

    /// <summary>The real packages only: nothing here stands in for a type of theirs.</summary>
    [Fact]
    public void Sources_PutNoTypeIntoANamespaceOfMicrosofts()
    {
        string[] offenders = [.. new[] { "src", "tests", "bench" }.SelectMany(folder => RepositoryPaths.SourcesUnder(folder))
            .SelectMany(file => File.ReadLines(file).Select((text, index) => (file, text, line: index + 1)))
            .Where(l => ForeignNamespace().IsMatch(l.text))
            .Select(l => $"{Path.GetRelativePath(RepositoryPaths.Root, l.file)}:{l.line}: {l.text.Trim()}")];

        Assert.Empty(offenders);
    }

    [Fact]
    public void Sources_HaveNoLineOfMoreThan140Columns()
    {
        string[] offenders = [.. new[] { "src", "tests", "bench" }.SelectMany(folder => RepositoryPaths.SourcesUnder(folder))
            .Select(file => (path: file, name: Path.GetRelativePath(RepositoryPaths.Root, file).Replace('\\', '/')))
            .Where(file => file.name != LongLines)
            .SelectMany(file => File.ReadLines(file.path).Select((text, index) => (file.name, text, line: index + 1)))
            .Where(l => l.text.Length > MaxColumns)
            .Select(l => $"{l.name}:{l.line} has {l.text.Length} columns")];

        Assert.Empty(offenders);
    }

    [Theory]
    [InlineData("Chard.LocalHost")]
    [InlineData("Chard.DurableTask.Sqlite")]
    public void HostAndEngine_KnowNothingOfTheApp(string assembly)
    {
        string[] references = [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name is "Chard.Domain" or "Chard.Functions")];

        Assert.Empty(references);
    }

    [Fact]
    public void Domain_ReferencesNoAzurePackage()
    {
        string[] references = [.. Assembly.Load("Chard.Domain").GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("Azure.", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Azure", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal)
                || name.StartsWith("Chard.", StringComparison.Ordinal))];

        Assert.Empty(references);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void PublicTypes_HaveASummary(string assemblyName)
    {
        Assembly assembly = Assembly.Load(assemblyName);
        HashSet<string> documented = [.. XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(m => m.Elements().Any(e => e.Name.LocalName is "summary" or "inheritdoc"))
            .Select(m => m.Attribute("name")!.Value)];

        string[] undocumented = [.. assembly.GetExportedTypes().Select(t => "T:" + t.FullName!.Replace('+', '.'))
            .Where(name => name != "T:Program" && !documented.Contains(name)).Order(StringComparer.Ordinal)];

        Assert.Empty(undocumented);
    }

    [GeneratedRegex(@"^\s*namespace (Microsoft|Azure|DurableTask)\b")]
    private static partial Regex ForeignNamespace();
}
