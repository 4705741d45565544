using Azure.Storage.Queues;
using Chard.LocalHost.Azurite;

namespace Chard.LocalHost.Tests.Processes;

/// <summary>The Azurite of hosts: it outlives those that are killed and ends with the last that stops.</summary>
public sealed class StorageProcessTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("storage-process-").FullName;
    private readonly OwnStorage storage = new();

    private AzuriteEndpoint Endpoint => storage.Endpoint;

    public void Dispose()
    {
        Directory.Delete(data, recursive: true);
        storage.Dispose();
    }

    [Fact]
    public async Task KillOfTheGroup_LeavesAzurite_AndTheNextHostTakesItOver()
    {
        await using var killed = await StartAsync("one");
        var azurite = AzuriteOf(killed);
        // Azurite saves every five seconds: this is in its memory alone.
        await new QueueClient(Endpoint.ConnectionString(AzuriteEndpoint.Account), "kept").CreateAsync();

        killed.SignalGroup(HostProcess.Kill);
        await killed.EndAsync();
        Assert.False(HostProcessTests.HasEnded(azurite));

        await using var next = await StartAsync("one");
        Assert.Contains("that another run has started", next.Output, StringComparison.Ordinal);
        Assert.True(await new QueueClient(Endpoint.ConnectionString(AzuriteEndpoint.Account), "kept").ExistsAsync());

        Assert.Equal(0, await HostProcessTests.StopAsync(next));
        Assert.True(HostProcessTests.HasEnded(azurite));
    }

    [Fact]
    public async Task KillOfTheGroup_WhileAzuriteStarts_IsNothingToTheNextHost()
    {
        await using var killed = HostProcess.Start(Path.Combine(data, "one"), ["ProcessSlow"], storage.Settings);
        await Eventually.TrueAsync("Azurite is launched", () => RecordFile() is not null);
        killed.SignalGroup(HostProcess.Kill);
        await killed.EndAsync();

        await using var next = await StartAsync("one");

        Assert.Equal(0, await HostProcessTests.StopAsync(next));
        Assert.Empty(await Endpoint.AnsweringAsync(default));
    }

    [Fact]
    public async Task TwoHosts_ShareAzurite_UntilTheLastStops()
    {
        await using var first = await StartAsync("one");
        await using var second = await StartAsync("two");
        var azurite = AzuriteOf(first);

        Assert.Equal(0, await HostProcessTests.StopAsync(first));
        Assert.Contains("Azurite goes on", first.Output, StringComparison.Ordinal);
        Assert.False(HostProcessTests.HasEnded(azurite));

        Assert.Equal(0, await HostProcessTests.StopAsync(second));
        Assert.True(HostProcessTests.HasEnded(azurite));
    }

    [Fact]
    public async Task TwoHosts_AtTheSameTime_StartOneAzurite()
    {
        var both = await Task.WhenAll(StartAsync("one"), StartAsync("two"));
        await using var first = both[0];
        await using var second = both[1];

        Assert.Single(both, host => host.Output.Contains("Starting Azurite", StringComparison.Ordinal));
        Assert.All(await Task.WhenAll(both.Select(HostProcessTests.StopAsync)), code => Assert.Equal(0, code));
        Assert.Empty(await Endpoint.AnsweringAsync(default));
    }

    [Fact]
    public async Task SecondInterrupt_LeavesNoAzurite()
    {
        await using var host = await StartAsync("one");
        var azurite = AzuriteOf(host);
        var slow = host.Http.GetAsync($"/api/ProcessSlow?until={Path.Combine(data, "never")}");
        await host.PrintsAsync("slow begins");

        host.SignalGroup(HostProcess.Interrupt);
        await host.PrintsAsync("Stopping");
        host.SignalGroup(HostProcess.Interrupt);

        Assert.Equal(130, await host.EndAsync());
        await Eventually.TrueAsync("Azurite ends by itself", () => HostProcessTests.HasEnded(azurite));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
    }

    private async Task<HostProcess> StartAsync(string folder)
    {
        var host = HostProcess.Start(Path.Combine(data, folder), ["ProcessSlow"], storage.Settings);
        await host.ReadyAsync();
        return host;
    }

    private string? RecordFile() =>
        Directory.GetFiles(Path.GetTempPath(), $"azurite-*-{string.Join('-', Endpoint.Ports)}.process").SingleOrDefault();

    private int AzuriteOf(HostProcess host)
    {
        Assert.Contains("Azurite", host.Output, StringComparison.Ordinal);
        return int.Parse(File.ReadLines(RecordFile()!).First(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
