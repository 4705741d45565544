using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Chard.EndToEnd.Tests.Repository;

/// <summary>Rules of docs/design.md that no compiler holds.</summary>
public sealed partial class SourceRulesTests
{
    public static TheoryData<string> Assemblies => ["Chard.Domain", "Chard.Functions", "Chard.Emulator.DurableTask", "Chard.Emulator.Functions", "Chard.Emulator.Tables"];

    [Theory]
    [InlineData("Domain")]
    [InlineData("Functions")]
    public void AppSources_KnowNothingOfTheEmulator(string folder)
    {
        string[] offenders = [.. RepositoryPaths.SourcesUnder("src", folder)
            .SelectMany(file => File.ReadLines(file).Select((text, index) => (file, text, line: index + 1)))
            .Where(l => EmulatorOrSwitch().IsMatch(l.text))
            .Select(l => $"{Path.GetRelativePath(RepositoryPaths.Root, l.file)}:{l.line}: {l.text.Trim()}")];

        Assert.Empty(offenders);
    }

    [Fact]
    public void Domain_ReferencesNoAzurePackage()
    {
        string[] references = [.. Assembly.Load("Chard.Domain").GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("Azure.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Azure", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal) || name.StartsWith("Chard.", StringComparison.Ordinal))];

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

    [GeneratedRegex(@"^\s*#if\b|Chard\.Emulator")]
    private static partial Regex EmulatorOrSwitch();
}
