using YamlDotNet.RepresentationModel;

namespace Chard.Infra.Tests;

/// <summary>What runs on GitHub: that it can be read, names what is there, and may no more than it has to.</summary>
public sealed class GitHubTests
{
    private static readonly string Folder = RepositoryPaths.Of(".github");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*.yml", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Order()];

    public static TheoryData<string> Workflows =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "workflows")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_IsYaml(string file) => Assert.NotEmpty(Read(file).Children);

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_MayReadTheRepositoryAndLittleElse(string file)
    {
        var permissions = (YamlMappingNode)Read("workflows/" + file).Children["permissions"];

        Assert.Equal("read", Text(permissions, "contents"));
        Assert.Subset(new HashSet<string> { "contents", "id-token" }, permissions.Children.Keys.Select(k => k.ToString()).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_UsesActionsOfAVersionAndScriptsThatAreThere(string file)
    {
        foreach (YamlMappingNode step in Steps(file))
        {
            if (Text(step, "uses") is { } action)
            {
                Assert.Matches("^(actions|azure)/[a-z-]+@v[0-9]+$", action);
            }

            foreach (string script in new[] { ".ci/run", "infra/smoke.sh" }.Where(s => Text(step, "run")?.Contains(s) == true))
            {
                Assert.True(File.Exists(RepositoryPaths.Of(script)), script);
            }
        }
    }

    [Fact]
    public void Deployment_KeepsTheHiddenFolderAndSignsInWithoutAPassword()
    {
        YamlMappingNode[] steps = [.. Steps("deploy.yml")];
        string text = File.ReadAllText(Path.Combine(Folder, "workflows", "deploy.yml"));

        var upload = (YamlMappingNode)Assert.Single(steps, s => Text(s, "uses")?.StartsWith("actions/upload-artifact") == true)["with"];
        Assert.Equal("true", Text(upload, "include-hidden-files"));
        Assert.Equal(2, steps.Count(s => Text(s, "run")?.Contains("test -d out/.azurefunctions") == true));
        var login = (YamlMappingNode)Assert.Single(steps, s => Text(s, "uses")?.StartsWith("azure/login") == true)["with"];
        Assert.Equal(["client-id", "subscription-id", "tenant-id"], login.Children.Keys.Select(k => k.ToString()).Order());
        Assert.Equal("write", Text((YamlMappingNode)Read("workflows/deploy.yml")["permissions"], "id-token"));
        Assert.Single(text.Split("secrets.")[1..]);
    }

    [Fact]
    public void Updates_AreLookedForWherePackagesAre()
    {
        var updates = (YamlSequenceNode)Read("dependabot.yml")["updates"];
        var npm = (YamlMappingNode)updates.Single(u => Text((YamlMappingNode)u, "package-ecosystem") == "npm");
        string[] told = [.. ((YamlSequenceNode)npm["directories"]).Select(d => d.ToString().Trim('/')).Order()];

        string root = RepositoryPaths.Of();
        string[] found = [.. Directory.EnumerateFiles(root, "package-lock.json", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, Path.GetDirectoryName(f)!).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(part => part is "node_modules" or "bin" or "obj" or "artifacts"))
            .Order()];
        Assert.Equal(found, told);
    }

    private static YamlMappingNode Read(string file)
    {
        using StreamReader reader = File.OpenText(Path.Combine(Folder, file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Steps(string workflow) =>
        ((YamlMappingNode)Read("workflows/" + workflow)["jobs"]).Children.Values
            .SelectMany(job => ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>());

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? value) ? value.ToString() : null;
}
