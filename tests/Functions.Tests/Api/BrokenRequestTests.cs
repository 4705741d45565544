using System.Net.Sockets;
using System.Text;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Chard.Functions.Tests.Api;

/// <summary>Callers that go away in the middle of their request: nothing of the app has failed, and nobody is to be woken.</summary>
[Collection(ApiTests.Name)]
public sealed class BrokenRequestTests(ApiHost api)
{
    [Theory]
    [InlineData(
        "POST /api/imports?table=broken HTTP/1.1", "Content-Type: text/csv\r\nContent-Length: 10000000", "name,age\na,1\n", 100_000)]
    [InlineData(
        "POST /api/imports?table=broken HTTP/1.1", "Content-Type: text/csv\r\nTransfer-Encoding: chunked", "9\r\nname,age\n\r\n4\r\na,1\n",
        1)]
    [InlineData("POST /api/workflows HTTP/1.1", "Content-Length: 1000", "{", 1)]
    [InlineData("POST /api/dead-letters/retry HTTP/1.1", "Content-Length: 1000", "{", 1)]
    public async Task Request_BrokenOff_IsNotedWithoutAnError(string line, string headers, string body, int times)
    {
        await using FunctionsTestHost host = await api.StartAsync(
            options => options.ConfigureServices(services => services.AddFakeLogging()));
        FakeLogCollector log = host.Services.GetFakeLogCollector();

        // One that is gone before its function has begun is noted by nobody: then the next one is.
        await Eventually.TrueAsync("its end is noted", async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host.Http.BaseAddress!.Host, host.Http.BaseAddress.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\nHost: localhost\r\n{headers}\r\n\r\n"));
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(body, times))));
            return log.GetSnapshot().Any(r => r.Id.Name == "CallerGone" || r.Level >= LogLevel.Error);
        });
        string[] bad = [.. log.GetSnapshot()
            .Where(r => (r.Level >= LogLevel.Warning || r.Exception is not null) && !IsWorkersOwn(r)).Select(r => $"{r} {r.Exception}")];
        Assert.True(bad.Length == 0, string.Join("\n", bad));
    }

    /// <summary>
    /// The request came from the host after its invocation had been given up: the worker's own code, of which the app sees nothing.
    /// </summary>
    private static bool IsWorkersOwn(FakeLogRecord record) =>
        record.Exception is InvalidOperationException { Message: var message } && message.StartsWith(
            "Context for invocation id", StringComparison.Ordinal);
}
