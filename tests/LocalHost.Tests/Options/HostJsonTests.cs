using Chard.LocalHost.Options;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Tests.Options;

public sealed class HostJsonTests : IDisposable
{
    private readonly string app = Directory.CreateTempSubdirectory("host-json-").FullName;
    private readonly List<string> faults = [];

    public void Dispose() => Directory.Delete(app, recursive: true);

    [Fact]
    public void Load_TheFileOfThisRepository_HasNoFault()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent!;
        }

        HostJson.Load(folder.FullName, Settings(), faults);

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData(
        """{"version":"2.0","extensions":{"queues":{"batchSize":33}}}""",
        "extensions.queues.batchSize is '33': it must be at least 1 and at most 32.")]
    [InlineData(
        """{"version":"2.0","extensions":{"queues":{"visibilityTimeout":"soon"}}}""",
        """extensions.queues.visibilityTimeout is 'soon': it must be a time such as "00:00:30".""")]
    [InlineData(
        """{"version":"2.0","extensions":{"queues":{"visibilityTimeout":"30"}}}""",
        """extensions.queues.visibilityTimeout is '30': it must be a time such as "00:00:30".""")]
    [InlineData(
        """{"version":"2.0","extensions":{"queues":{"messageEncoding":"rot13"}}}""",
        "extensions.queues.messageEncoding is 'rot13': it must be one of None, Base64.")]
    [InlineData(
        """{"version":"2.0","extensions":{"durableTask":{"hubname2":"x"}}}""",
        "extensions.durableTask.hubname2 is 'x': the host knows no such key: did you mean hubName?")]
    [InlineData(
        """{"version":"2.0","extensions":{"durableTask":{"hubName":"my-hub"}}}""",
        "extensions.durableTask.hubName is 'my-hub': it must be 3 to 45 letters and digits and begin with a letter.")]
    [InlineData(
        """{"version":"2.0","extensions":{"durableTask":{"maxConcurrentActivityFunctions":0}}}""",
        "extensions.durableTask.maxConcurrentActivityFunctions is '0': it must be at least 1.")]
    [InlineData(
        """{"version":"2.0","extensions":{"durableTask":{"tracing":{"version":"V9"}}}}""",
        "extensions.durableTask.tracing.version is 'V9': it must be one of None, V1, V2.")]
    [InlineData(
        """{"version":"2.0","extensions":{"durableTask":{"versionMatchStrategy":"Newest"}}}""",
        "extensions.durableTask.versionMatchStrategy is 'Newest': it must be one of None, Strict, CurrentOrOlder.")]
    [InlineData(
        """{"version":"2.0","extensions":{"durableTask":{"versionFailureStrategy":"Wait"}}}""",
        "extensions.durableTask.versionFailureStrategy is 'Wait': it must be one of Reject, Fail.")]
    [InlineData(
        """{"version":"2.0","extensions":{"durableTask":{"extendedSessionsEnabled":"yes"}}}""",
        "extensions.durableTask.extendedSessionsEnabled is 'yes': it must be true or false.")]
    [InlineData(
        """{"version":"2.0","logging":{"extensions":{"durableTask":{"hubName":"x"}}}}""",
        "logging.extensions: the host knows no such key.")]
    [InlineData(
        """{"version":"2.0","logging":{"logLevel":{"default":"Loud"}}}""",
        "logging.logLevel.default is 'Loud': it must be one of Trace, Debug,")]
    [InlineData("""{"version":"2.0","functionTimeout":"never"}""", """functionTimeout is 'never': it must be a time such as "00:00:30".""")]
    [InlineData("""{"version":"2.0","extension":{}}""", "extension")]
    [InlineData("""{"version":"1.0"}""", """version is '1.0': it must be "2.0".""")]
    [InlineData("{}", """version: it must be "2.0".""")]
    [InlineData("""
        {
          "version": "2.0"
          "extensions": {}
        }
        """, ", line 3: ")]
    public void Load_WithAMistake_NamesFileKeyAndFix(string text, string expected)
    {
        File.WriteAllText(Path.Combine(app, "host.json"), text);

        HostJson.Load(app, Settings(), faults);

        var fault = Assert.Single(faults);
        Assert.StartsWith(Path.Combine(app, "host.json"), fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [InlineData("""{"version":"2.0","extensions":{"blobs":{"maxDegreeOfParallelism":4}}}""")]
    [InlineData("""{"version":"2.0","functionTimeout":"-1"}""")]
    [InlineData("""{"version":"2.0","extensions":{"durableTask":{"hubName":"%HUB%","storageProvider":{"anything":1},"tracing":"""
        + """{"distributedTracingEnabled":true,"version":"V2"}}}}""")]
    public void Load_WhatTheHostOrAnotherExtensionKnows_IsNoFault(string text)
    {
        File.WriteAllText(Path.Combine(app, "host.json"), text);

        HostJson.Load(app, Settings(), faults);

        Assert.Empty(faults);
    }

    [Fact]
    public void Load_WithASettingThatOverrides_TakesItAndChecksIt()
    {
        File.WriteAllText(
            Path.Combine(app, "host.json"), """{"version":"2.0","extensions":{"http":{"routePrefix":"file"},"queues":{"batchSize":1}}}""");

        var json = HostJson.Load(
            app,
            Settings(
                ("AzureFunctionsJobHost:extensions:http:routePrefix", "setting"),
                ("AzureFunctionsJobHost:extensions:queues:batchSize", "many")),
            faults);

        Assert.Equal("setting", json.Root["extensions:http:routePrefix"]);
        Assert.Equal(["setting AzureFunctionsJobHost__extensions__queues__batchSize is 'many': it must be a whole number."], faults);
    }

    [Fact]
    public void Load_WithoutAFile_SaysWhatToAdd()
    {
        HostJson.Load(app, Settings(), faults);

        Assert.Contains("\"version\": \"2.0\"", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
}
