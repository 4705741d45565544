using System.Net;
using System.Net.Http.Json;
using Chard.LocalHost.Tests.App;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests.Http;

public sealed class HttpTriggerTests
{
    [Theory]
    [InlineData("GET", "/api/items/7", HttpStatusCode.OK)]
    [InlineData("GET", "/api/items/x", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/items/7", HttpStatusCode.NotFound)]
    [InlineData("GET", "/items/7", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/api/Anything", HttpStatusCode.OK)]
    public async Task Request_ByMethodAndTemplate_ReachesOnlyItsFunction(string method, string path, HttpStatusCode status)
    {
        await using var host = await HostApp.StartAsync([typeof(Items)]);

        using var response = await host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Request_WithEmptyRoutePrefix_IsServedAtTheRoot()
    {
        await using var host = await HostApp.StartAsync([typeof(Items)], o => o.Json("extensions:http:routePrefix", string.Empty));

        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/items/7")).StatusCode);
    }

    [Fact]
    public async Task Result_OfEachKind_IsWrittenAsItsOwnersWriteIt()
    {
        await using var host = await HostApp.StartAsync([typeof(Results)]);

        Assert.Equal("""{"firstName":"Ada"}""", await host.Http.GetStringAsync("/api/Minimal"));
        Assert.Equal("""{"firstName":"Ada"}""", await host.Http.GetStringAsync("/api/Action"));
        Assert.Equal("""{"FirstName":"Ada"}""", await host.Http.GetStringAsync("/api/ResponseData"));
        Assert.Equal(string.Empty, await host.Http.GetStringAsync("/api/Plain"));
    }

    [Fact]
    public async Task Parameters_FromRouteQueryAndBody_AreConverted()
    {
        await using var host = await HostApp.StartAsync([typeof(Parameters)]);

        using var response = await host.Http.PostAsJsonAsync("/api/mix/42?flag=true&id=9", new { firstname = "Ada" });

        Assert.Equal("42 True Ada", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Function_ThatThrows_Is500WithoutABody()
    {
        await using var host = await HostApp.StartAsync([typeof(Failing)]);

        using var response = await host.Http.GetAsync("/api/Fails");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Body_OfManyMegabytes_ReachesTheFunctionAsAStream()
    {
        await using var host = await HostApp.StartAsync([typeof(Streams)]);
        const long Size = 300_000_000;

        using var response = await host.Http.PostAsync("/api/Measure", new StreamContent(new ZeroStream(Size)));

        Assert.Equal($"{Size}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task FunctionClass_ForEachInvocation_IsMadeAnewInItsOwnScope()
    {
        await using var host = await HostApp.StartAsync(
            [typeof(Scoped)], builder: b => b.Services.AddScoped<ScopeCounter>().AddSingleton<ScopeIds>());

        var first = await host.Http.GetStringAsync("/api/Scope");
        var second = await host.Http.GetStringAsync("/api/Scope");

        Assert.Equal("1 1", first);
        Assert.Equal("2 1", second);
    }

    private sealed class ZeroStream(long length) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - position);
            buffer.AsSpan(offset, read).Clear();
            position += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
