using Chard.LocalHost.Options;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Tests.Options;

public sealed class OwnHubTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hub-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Of_TheSameFolder_IsTheSameHub()
    {
        var hub = OwnHub.Of(Path.Combine(folder, "new"), "Orders");

        Assert.Matches("^Orders[0-9a-f]{8}$", hub);
        Assert.Equal(hub, OwnHub.Of(Path.Combine(folder, "new"), "Orders"));
    }

    [Fact]
    public void Of_TwoFolders_AreTwoHubs() =>
        Assert.NotEqual(OwnHub.Of(Path.Combine(folder, "a"), "Orders"), OwnHub.Of(Path.Combine(folder, "b"), "Orders"));

    [Theory]
    [InlineData("")]
    [InlineData("0123")]
    [InlineData("not a mark")]
    public void Of_AFolderWhoseFileIsSpoilt_IsANewHubThatStays(string text)
    {
        File.WriteAllText(Path.Combine(folder, "hub"), text);

        var hub = OwnHub.Of(folder, "Orders");

        Assert.Matches("^Orders[0-9a-f]{8}$", hub);
        Assert.Equal(hub, OwnHub.Of(folder, "Orders"));
    }

    [Fact]
    public void PrefixIn_ALongName_LeavesRoom()
    {
        Assert.Equal(new string('H', 32), OwnHub.PrefixIn(HostJson(new string('H', 45)), new Dictionary<string, string?>()));
    }

    [Fact]
    public void PrefixIn_NoName_IsTheExtensionsOwn() =>
        Assert.Equal("TestHubName", OwnHub.PrefixIn(HostJson(null), new Dictionary<string, string?>()));

    [Fact]
    public void PrefixIn_AHubNamedForThisRun_IsNull()
    {
        var named = new Dictionary<string, string?> { ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = "Mine" };

        Assert.Null(OwnHub.PrefixIn(HostJson("Orders"), named));
        Assert.Null(OwnHub.PrefixIn(HostJson("%ORDERS_HUB%"), new Dictionary<string, string?>()));
    }

    private static IConfigurationRoot HostJson(string? hub) => new ConfigurationBuilder()
        .AddInMemoryCollection([new("extensions:durableTask:hubName", hub)]).Build();
}
