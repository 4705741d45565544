using System.Net;
using Chard.LocalHost.Durable;
using Chard.LocalHost.Options;

namespace Chard.LocalHost.Tests.Options;

public sealed class HostSettingsTests : IDisposable
{
    private readonly string app = Directory.CreateTempSubdirectory("settings-").FullName;

    public HostSettingsTests()
    {
        File.WriteAllText(Path.Combine(app, "host.json"), """{"version":"2.0"}""");
        File.WriteAllText(Path.Combine(app, "functions.metadata"), "[]");
        File.WriteAllText(Path.Combine(app, "local.settings.json"), """
            {
              "Values": { "AzureWebJobsStorage": "UseDevelopmentStorage=true", "OnlyFile": "file", "Both": "file", "A:B": "nested" },
              "ConnectionStrings": { "Db": "there" },
              "Host": { "LocalHttpPort": 7099 }
            }
            """);
    }

    public void Dispose() => Directory.Delete(app, recursive: true);

    [Fact]
    public void Load_OfFileAndEnvironment_TheEnvironmentWins()
    {
        var settings = Load([], ("Both", "environment"));

        Assert.Equal("file", settings.Environment["OnlyFile"]);
        Assert.Equal("environment", settings.Environment["Both"]);
        Assert.Equal("nested", settings.Environment["A__B"]);
        Assert.Equal("there", settings.Environment["ConnectionStrings__Db"]);
        Assert.Equal("Development", settings.Environment["AZURE_FUNCTIONS_ENVIRONMENT"]);
    }

    [Fact]
    public void Load_WithoutArguments_ListensOnThisMachineAloneOnThePortOfTheFile()
    {
        var settings = Load([]);

        Assert.Equal(
            (7099, IPAddress.Loopback, DurableEngine.Sqlite, false),
            (settings.Port, settings.Address, settings.Engine, settings.EnableAuth));
        Assert.Equal(Path.GetFullPath(".localhost"), settings.Data);
    }

    [Fact]
    public void Load_WithArguments_TheyWin()
    {
        var settings = Load(
            ["--port", "7072", "--address", "0.0.0.0", "--engine", "azure", "--enableAuth", "--data", Path.Combine(app, "here")]);

        Assert.Equal(
            (7072, IPAddress.Any, DurableEngine.AzureStorage, true),
            (settings.Port, settings.Address, settings.Engine, settings.EnableAuth));
        Assert.Equal(Path.Combine(app, "here"), settings.Environment["LOCALHOST_DATA"]);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true;", true)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9v", false)]
    [InlineData("", false)]
    public void Load_Storage_IsTheEmulatorsOnlyWhereItIsNamed(string storage, bool isEmulator)
    {
        Assert.Equal(isEmulator, Load([], ("AzureWebJobsStorage", storage)).DevelopmentStorageAt is not null);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "TestHubName")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9v", null)]
    public void Load_Hub_IsTheFoldersOwnOnlyWhereStorageIsSharedByAllApps(string storage, string? prefix)
    {
        Assert.Equal(prefix, Load([], ("AzureWebJobsStorage", storage)).HubPrefix);
    }

    [Fact]
    public void Load_StorageByIdentity_IsNotTheEmulators()
    {
        File.Delete(Path.Combine(app, "local.settings.json"));

        Assert.Null(Load([], ("AzureWebJobsStorage__accountName", "prod")).DevelopmentStorageAt);
        Assert.NotNull(Load([]).DevelopmentStorageAt);
    }

    [Fact]
    public void Load_WithAStoragePort_GivesTheAppWhereItIs()
    {
        var settings = Load([], ("LOCALHOST_STORAGE_PORT", "20000"));

        Assert.Equal([20000, 20001, 20002], settings.DevelopmentStorageAt!.Ports);
        Assert.Contains(
            "TableEndpoint=http://127.0.0.1:20002/devstoreaccount1", settings.Environment["AzureWebJobsStorage"], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MistakesInManyPlaces_AreToldTogether()
    {
        File.WriteAllText(
            Path.Combine(app, "functions.metadata"), """[{"name":"Work","entryPoint":"A.B","bindings":[{"type":"blobTrigger"}]}]""");

        var error = Assert.Throws<StartException>(
            () => Load([], ("AzureFunctionsJobHost__functionTimeout", "never"), ("LOCALHOST_STORAGE_PORT", "some")));

        Assert.Equal(3, error.Faults.Count);
    }

    [Fact]
    public void Load_WithoutAnApp_SaysWhatIsMissing()
    {
        var error = Assert.Throws<StartException>(() => HostSettings.Load(HostArguments.Parse([]), new Dictionary<string, string>()));

        Assert.Contains("--app", error.Message, StringComparison.Ordinal);
    }

    private HostSettings Load(string[] args, params (string Name, string Value)[] environment) =>
        HostSettings.Load(HostArguments.Parse(["--app", app, .. args]), environment.ToDictionary(pair => pair.Name, pair => pair.Value));
}
