using System.Net;
using System.Net.Sockets;
using Chard.LocalHost.Tests.App;

namespace Chard.LocalHost.Tests.Starts;

public sealed class StartFaultTests
{
    [Theory]
    [InlineData(typeof(BadTimer), "BadTimer", "every day")]
    [InlineData(typeof(MissingSetting), "MissingSetting", "%NOWHERE%")]
    [InlineData(typeof(Ambiguous), "Ambiguous", "mbiguous")]
    public async Task Function_WithAMistake_IsAnErrorThatNamesIt(Type functions, string name, string mistake)
    {
        var error = await Assert.ThrowsAsync<StartException>(
            () => HostApp.StartAsync([functions], storage: functions == typeof(MissingSetting)));

        var fault = Assert.Single(error.Faults);
        Assert.Contains($"'{name}'", fault, StringComparison.Ordinal);
        Assert.Contains(mistake, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("functionTimeout", "never")]
    [InlineData("logging:logLevel:default", "Loud")]
    public async Task HostJson_WithAMistake_IsAnErrorThatNamesIt(string key, string value)
    {
        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartAsync([typeof(Items)], o => o.Json(key, value)));

        Assert.Contains($"'{value}'", Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartAsync([typeof(Items)], o => o with { Port = port }));

        Assert.Contains($"Port {port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_ThatAnotherHostHas_IsAnErrorOfOneLine()
    {
        await using var first = await HostApp.StartAsync([typeof(Greetings)], o => o with { Sqlite = null });

        var error = await Assert.ThrowsAsync<StartException>(
            () => HostApp.StartAsync([typeof(Greetings)], o => o with { Sqlite = null, DataFolder = first.Options.DataFolder }));

        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_ThatThrowsAtItsStart_IsTheFailureOfTheStart()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartAsync(
            [typeof(Items)], o =>
                o with { InProcess = o.InProcess! with { Main = _ => throw new TimeZoneNotFoundException("by the app") } }));

        Assert.Contains("by the app", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ThatHoldsNoApp_IsNamed()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartProcessAsync([], o => o with { AppFolder = o.DataFolder }));

        Assert.Contains("worker.config.json", error.Message, StringComparison.Ordinal);
    }
}
