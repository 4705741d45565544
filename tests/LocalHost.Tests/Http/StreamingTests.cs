using System.Net;
using System.Text;
using Chard.LocalHost.Tests.App;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests.Http;

public sealed class StreamingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Response_OfAFunctionThatStillRuns_ArrivesAsItIsWritten()
    {
        var once = new Once();
        await using var host = await StartAsync(once);

        using var response = await host.Http.GetAsync("/api/Begins", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Limit);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[6];
        await body.ReadExactlyAsync(first).AsTask().WaitAsync(Limit);
        once.Gate.SetResult();
        using var rest = new StreamReader(body);

        Assert.Equal("first ", Encoding.UTF8.GetString(first));
        Assert.Equal("last", await rest.ReadToEndAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task Request_ThatIsStillSent_IsReadAsItArrives()
    {
        var once = new Once();
        await using var host = await StartAsync(once);

        using var response = await host.Http.PostAsync("/api/Hears", new SlowContent(once.Begun.Task)).WaitAsync(Limit);

        Assert.Equal($"1 {SlowContent.First - 1 + 2}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Caller_WhoLeaves_EndsTheFunction()
    {
        var once = new Once();
        await using var host = await StartAsync(once);
        using var leave = new CancellationTokenSource();

        var call = host.Http.GetAsync("/api/WaitsForEnd", leave.Token);
        await once.Begun.Task.WaitAsync(Limit);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await once.Gate.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task Function_ThatThrowsHalfway_BreaksTheResponseOff()
    {
        await using var host = await StartAsync(new Once());

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => host.Http.GetStringAsync("/api/BreaksOff"));
    }

    [Fact]
    public async Task Function_SeesTheAddressThatWasCalledAndAnIdOfTheHosts()
    {
        await using var host = await StartAsync(new Once());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/Describes");
        request.Headers.Add("x-ms-invocation-id", "forged");

        using var response = await host.Http.SendAsync(request);
        var answer = (await response.Content.ReadAsStringAsync()).Split(' ');

        Assert.Equal(new Uri(host.Host.Address, "api/Describes").ToString(), answer[0]);
        Assert.True(Guid.TryParse(answer[1], out _), answer[1]);
    }

    [Fact]
    public async Task Stop_WhileARequestRuns_LetsItFinishAndTakesNoMore()
    {
        var once = new Once();
        await using var host = await StartAsync(once);
        var slow = host.Http.GetStringAsync("/api/Slowly");
        await once.Begun.Task.WaitAsync(Limit);

        var stop = host.Host.StopAsync();
        using var late = await host.Http.GetAsync("/api/Describes");
        once.Gate.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Equal("done", await slow.WaitAsync(Limit));
        await stop.WaitAsync(Limit);
    }

    [Fact]
    public async Task Function_ThatIsDisabled_Is404()
    {
        await using var host = await HostApp.StartAsync([typeof(Items)], o => o.Setting("AzureWebJobs.Anything.Disabled", "1"));

        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/api/Anything")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/api/items/1")).StatusCode);
    }

    private static Task<TestedHost> StartAsync(Once once) =>
        HostApp.StartAsync([typeof(Talking)], builder: b => b.Services.AddSingleton(once));

    /// <summary>Sends some, more than clients hold back on the way, and two bytes more when asked.</summary>
    private sealed class SlowContent(Task more) : HttpContent
    {
        public const int First = 200_000;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[First]);
            await stream.FlushAsync();
            await more;
            await stream.WriteAsync("bc"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
