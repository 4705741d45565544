using Chard.LocalHost.Options;

namespace Chard.LocalHost.Tests.Options;

public sealed class LocalSettingsTests : IDisposable
{
    private readonly string app = Directory.CreateTempSubdirectory("local-settings-").FullName;
    private readonly List<string> faults = [];

    public void Dispose() => Directory.Delete(app, recursive: true);

    [Fact]
    public void Load_ValuesConnectionStringsAndPort_AreThere()
    {
        var settings = Load("""
            {
              // A comment.
              "IsEncrypted": false,
              "Values": { "One": "1", "Two": 2, "Three": true, "Four": null },
              "ConnectionStrings": { "Db": "Host=here" },
              "Host": { "LocalHttpPort": 7099, "CORS": "*" },
            }
            """);

        Assert.Empty(faults);
        Assert.Equal(7099, settings.Port);
        Assert.Equal(
            new Dictionary<string, string> { ["One"] = "1", ["Two"] = "2", ["Three"] = "true", ["ConnectionStrings:Db"] = "Host=here" },
            settings.Values);
    }

    [Fact]
    public void Load_WithoutAFile_HasNothing()
    {
        Assert.Empty(LocalSettings.Load(app, faults).Values);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("""{"Values":{"A":{"B":"1"}}}""", "Values.A is an Object: settings are flat, write \"A:Inner\" for a nested one.")]
    [InlineData("""{"Values":"x"}""", "Values must be an object of names and texts.")]
    [InlineData("""{"IsEncrypted":true,"Values":{}}""", "func settings decrypt")]
    [InlineData(
        """{"Host":{"LocalHttpPort":"7071"}}""",
        "Host.LocalHttpPort is \"7071\": it must be a port, a number from 0 (any free one) to 65535.")]
    [InlineData("[]", "it must be an object")]
    [InlineData("{\n\"Values\": {\n", ", line 3: ")]
    public void Load_WithAMistake_NamesFileKeyAndFix(string text, string expected)
    {
        Load(text);

        var fault = Assert.Single(faults);
        Assert.StartsWith(Path.Combine(app, "local.settings.json"), fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    private LocalSettings Load(string text)
    {
        File.WriteAllText(Path.Combine(app, "local.settings.json"), text);
        return LocalSettings.Load(app, faults);
    }
}
