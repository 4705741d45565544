using System.Net;
using Chard.Platform;
using Chard.Testing;

namespace Chard.Functions.Tests.Api;

/// <summary>What everybody may ask tells nothing but whether, and cannot be used to keep storage busy.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private FunctionsTestHost host = null!;

    public async Task InitializeAsync() => host = await FunctionsTestHost.StartAsync<TaskFunctions>(options =>
    {
        options.SkipTime = true;
        options.FunctionTypes = [typeof(HealthApi)];
    });

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Get_HoweverOften_AsksStorageEveryTenSeconds()
    {
        host.Storage.Clear();

        HttpStatusCode[] answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(async _ => (await host.Http.GetAsync("/api/health")).StatusCode));
        int first = host.Storage.Count();
        await host.Http.GetAsync("/api/health");
        int again = host.Storage.Count();
        await host.Time!.AdvanceAsync(HealthCheck.Validity);
        await host.Http.GetAsync("/api/health");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal((3, 3, 6), (first, again, host.Storage.Count()));
    }

    [Fact]
    public async Task Get_StorageRefuses_SaysThatAndNotWhat()
    {
        host.Storage.Fail(_ => true, StorageFault.Busy, times: 100);

        using HttpResponseMessage answer = await host.Http.GetAsync("/api/health");
        string body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("urn:chard:problem:unhealthy", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Busy", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("127.0.0.1", body, StringComparison.Ordinal);

        host.Storage.Heal();
        await host.Time!.AdvanceAsync(HealthCheck.Validity);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/api/health")).StatusCode);
    }
}
