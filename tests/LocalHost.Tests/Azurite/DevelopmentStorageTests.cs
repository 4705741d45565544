using Azure.Storage.Queues;
using Chard.LocalHost.Azurite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.LocalHost.Tests.Azurite;

public sealed class DevelopmentStorageTests : IDisposable
{
    private readonly AzuriteEndpoint endpoint = AzuriteEndpoint.Free(new AzuriteOptions());
    private readonly List<AzuriteEndpoint> others = [];
    private readonly string data = Directory.CreateTempSubdirectory("azurite-test-").FullName;

    public void Dispose()
    {
        Directory.Delete(data, recursive: true);
        foreach (var left in others.Append(endpoint).SelectMany(
            used => Directory.GetFiles(Path.GetTempPath(), $"azurite-*-{string.Join('-', used.Ports)}.*")))
        {
            File.Delete(left);
        }
    }

    [Fact]
    public async Task Ensure_SecondHost_SharesIt_AndTheLastToLeaveStopsIt()
    {
        var first = await EnsureAsync("one");
        var second = await EnsureAsync("two");
        Assert.Equal(first!.ProcessId, second!.ProcessId);
        Assert.Equal(Path.Combine(data, "one"), second.DataFolder);

        await first.DisposeAsync();
        Assert.Equal(3, (await endpoint.AnsweringAsync(default)).Count);

        await second.DisposeAsync();
        Assert.Empty(await endpoint.AnsweringAsync(default));
    }

    [Fact]
    public async Task Ensure_HasASessionOfItsOwn()
    {
        if (!OperatingSystem.IsLinux())
        {
            // Only Linux shows it under /proc; the process tests hold what follows from it.
            return;
        }

        await using var storage = await EnsureAsync("one");

        Assert.Equal(storage!.ProcessId, SessionOf(storage.ProcessId));
        Assert.NotEqual(SessionOf(Environment.ProcessId), SessionOf(storage.ProcessId));
    }

    [Fact]
    public async Task Ensure_AfterAStop_KeepsTheData()
    {
        await using (await EnsureAsync("one"))
        {
            await new QueueClient(endpoint.ConnectionString(AzuriteEndpoint.Account), "kept").CreateAsync();
        }

        await using var again = await EnsureAsync("one");

        Assert.True(await new QueueClient(endpoint.ConnectionString(AzuriteEndpoint.Account), "kept").ExistsAsync());
    }

    [Fact]
    public async Task Leave_AsTheLast_LetsItEndByItself_AndTheNextHostStartsAnother()
    {
        var storage = await EnsureAsync("one");

        storage!.Leave();

        // The next host waits until it has saved, and starts another.
        await using var next = await EnsureAsync("one");
        Assert.NotEqual(storage.ProcessId, next!.ProcessId);
    }

    [Fact]
    public async Task Ensure_WhereSomebodyElseServes_LeavesThemAlone()
    {
        await using var other = await AzuriteProcess.StartAsync();
        others.Add(other.Endpoint);

        Assert.Null(await DevelopmentStorage.EnsureAsync(other.Endpoint, data, NullLogger.Instance, default));
    }

    [Fact]
    public async Task Ensure_WhereOnlyAPartIsServed_NamesThePorts()
    {
        await using var other = await AzuriteProcess.StartAsync();
        var mixed = endpoint with { QueuePort = other.Endpoint.QueuePort };
        others.Add(mixed);

        var error = await Assert.ThrowsAsync<StartException>(
            () => DevelopmentStorage.EnsureAsync(mixed, data, NullLogger.Instance, default));

        Assert.Contains($"{mixed.QueuePort}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{mixed.BlobPort}", error.Message, StringComparison.Ordinal);
    }

    private static int SessionOf(int process)
    {
        // After the name in parentheses: state, parent, group, session.
        var status = File.ReadAllText($"/proc/{process}/stat");
        return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<DevelopmentStorage?> EnsureAsync(string folder)
    {
        var storage = await DevelopmentStorage.EnsureAsync(endpoint, Path.Combine(data, folder), NullLogger.Instance, default);
        await storage!.Ready;
        return storage;
    }
}
