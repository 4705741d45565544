using System.Diagnostics;
using Azure.Storage.Queues;
using Chard.Emulator.Azurite;
using Chard.Emulator.Functions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.Emulator.Tests.Host;

public sealed class AzuriteProcessTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("chard-azurite-test-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Ensure_AfterTheHostWasKilled_TakesOverTheOrphanAndStopsIt()
    {
        var endpoint = AzuriteEndpoint.Free(new AzuriteOptions());
        var killed = await EnsureAsync(endpoint);
        await new QueueClient(endpoint.ConnectionString, "kept").CreateAsync();

        // A killed host disposes nothing; the next one finds its Azurite at work.
        var next = await EnsureAsync(endpoint);
        Assert.Equal(killed!.ProcessId, next!.ProcessId);
        await next.DisposeAsync();

        Assert.Empty(await endpoint.AnsweringAsync(CancellationToken.None));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(killed.ProcessId));
        await using var last = await EnsureAsync(endpoint);
        Assert.NotEqual(killed.ProcessId, last!.ProcessId);
        Assert.True(await new QueueClient(endpoint.ConnectionString, "kept").ExistsAsync());
    }

    [Fact]
    public async Task Ensure_WhereSomebodyElseServes_LeavesThemAlone()
    {
        var shared = await SharedAzurite.GetAsync();

        Assert.Null(await EnsureAsync(new AzuriteEndpoint(shared.BlobPort, shared.QueuePort, shared.TablePort)));
    }

    [Fact]
    public async Task Ensure_WhereOnlyAPartIsServed_NamesThePorts()
    {
        var shared = await SharedAzurite.GetAsync();
        var free = AzuriteEndpoint.Free(new AzuriteOptions());

        var error = await Assert.ThrowsAsync<StartException>(() => EnsureAsync(free with { QueuePort = shared.QueuePort }));

        Assert.Contains($"{shared.QueuePort}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{free.BlobPort}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FromAFolderWithoutAzurite_SaysWhatIsMissing()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => AzuriteProcess.StartAsync(new AzuriteOptions { Installation = data }));

        Assert.Contains("package.json", error.Message, StringComparison.Ordinal);
    }

    private Task<AzuriteProcess?> EnsureAsync(AzuriteEndpoint endpoint) =>
        AzuriteProcess.EnsureAsync(endpoint, Path.Combine(data, "azurite"), null, NullLogger.Instance, CancellationToken.None);
}
