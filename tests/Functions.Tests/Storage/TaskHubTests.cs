using Chard.Platform;
using Microsoft.Extensions.Configuration;

namespace Chard.Functions.Tests.Storage;

/// <summary>Where the app finds the name of its task hub: where the host finds it.</summary>
public sealed class TaskHubTests : IDisposable
{
    private const string HostSetting = "AzureFunctionsJobHost:extensions:durableTask:hubName";

    private readonly string _folder = Directory.CreateTempSubdirectory("chard-hub-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NameIn_HostJson_IsWhatItSays()
    {
        WriteHostJson("Orders");

        Assert.Equal("Orders", TaskHub.NameIn(Settings()));
    }

    [Fact]
    public void NameIn_TheHostsOverride_GoesFirst()
    {
        WriteHostJson("Orders");

        Assert.Equal("Orders2", TaskHub.NameIn(Settings((HostSetting, "Orders2"))));
    }

    [Fact]
    public void NameIn_TheHostsOverrideInTheEnvironment_IsTheSameSetting()
    {
        // The name that is documented, and the platform's own form of it.
        string variable = "ChardTest_AzureFunctionsJobHost__extensions__durableTask__hubName";
        Environment.SetEnvironmentVariable(variable, "Orders3");
        try
        {
            IConfiguration settings = new ConfigurationBuilder().AddEnvironmentVariables("ChardTest_").Build();

            Assert.Equal("Orders3", TaskHub.NameIn(settings));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Theory]
    [InlineData("%ORDERS_HUB%", "ORDERS_HUB", "Staging", "Staging")]
    [InlineData("Orders%SLOT%", "SLOT", "Blue", "OrdersBlue")]
    [InlineData("%Orders__Hub%", "Orders:Hub", "Staging", "Staging")]
    public void NameIn_ASettingInPercentSigns_IsItsValue(string told, string setting, string value, string name)
    {
        WriteHostJson(told);

        Assert.Equal(name, TaskHub.NameIn(Settings((setting, value))));
    }

    [Fact]
    public void NameIn_ASettingThatIsNotThere_IsRefused()
    {
        WriteHostJson("%ORDERS_HUB%");

        Assert.Equal(
            "extensions.durableTask.hubName is '%ORDERS_HUB%', but there is no setting 'ORDERS_HUB'.",
            Assert.Throws<InvalidOperationException>(() => TaskHub.NameIn(Settings())).Message);
    }

    [Fact]
    public void NameIn_NoHubAtAll_IsRefused()
    {
        File.WriteAllText(Path.Combine(_folder, "host.json"), """{ "version": "2.0" }""");

        Assert.StartsWith(
            "host.json names no task hub: set extensions.durableTask.hubName.",
            Assert.Throws<InvalidOperationException>(() => TaskHub.NameIn(Settings())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameIn_ANameThatIsNone_IsRefused()
    {
        WriteHostJson("my-hub");

        Assert.Equal(
            "extensions.durableTask.hubName: 'my-hub' cannot be the name of a task hub: 3 to 40 of A-Z, a-z, 0-9, a letter first.",
            Assert.Throws<InvalidOperationException>(() => TaskHub.NameIn(Settings())).Message);
    }

    [Fact]
    public void NameIn_TheHostJsonThatShips_IsChard() =>
        Assert.Equal("Chard", TaskHub.NameIn(new ConfigurationBuilder().Build()));

    private void WriteHostJson(string hub) => File.WriteAllText(
        Path.Combine(_folder, "host.json"), $$"""{ "version": "2.0", "extensions": { "durableTask": { "hubName": "{{hub}}" } } }""");

    private IConfigurationRoot Settings(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(
            settings.Append(("FUNCTIONS_APPLICATION_DIRECTORY", _folder)).ToDictionary(s => s.Item1, s => (string?)s.Item2))
        .Build();
}
