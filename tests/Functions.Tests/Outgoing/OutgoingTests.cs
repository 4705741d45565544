using System.Net;
using Chard.Domain.Failures;
using Chard.Functions.Outgoing;
using Chard.Functions.Tests.Servers;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tests.Outgoing;

public sealed class OutgoingTests : IAsyncLifetime
{
    private readonly FileServer _server = new();
    private readonly FakeResolver _resolver = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task CopyToAsync_AllowedFile_ArrivesWhole()
    {
        using OutgoingHttp http = Http();
        using var target = new MemoryStream();

        long bytes = await Downloads(http).CopyToAsync(At("/file"), target, default);

        Assert.Equal(_server.Text.Length, bytes);
        Assert.Equal(_server.Text, System.Text.Encoding.UTF8.GetString(target.ToArray()));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/file")]
    [InlineData("http://2130706433:{0}/file")]
    [InlineData("http://0x7f.1:{0}/file")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/file")]
    [InlineData("http://localhost:{0}/file")]
    [InlineData("http://inside.example:{0}/file")]
    [InlineData("http://inside.example.:{0}/file")]
    [InlineData("http://mixed.example:{0}/file")]
    public async Task CopyToAsync_InternalAddress_IsRefusedBeforeAnythingIsSent(string url)
    {
        _resolver["localhost"] = [IPAddress.Loopback];
        _resolver["inside.example"] = [IPAddress.Loopback];
        _resolver["inside.example."] = [IPAddress.Loopback];
        _resolver["mixed.example"] = [IPAddress.Parse("8.8.8.8"), IPAddress.Loopback];
        using OutgoingHttp http = Http(networks: "");

        await RefusedAsync(http, string.Format(System.Globalization.CultureInfo.InvariantCulture, url, _server.Url.Port));

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task CopyToAsync_HostAllowedByName_IsReached()
    {
        _resolver["files.internal"] = [IPAddress.Loopback];
        using OutgoingHttp http = Http(networks: "", hosts: $"files.internal:{_server.Url.Port}");

        Assert.Equal(
            _server.Text.Length, await Downloads(http).CopyToAsync($"http://files.internal:{_server.Url.Port}/file", Stream.Null, default));
    }

    [Fact]
    public async Task CopyToAsync_DnsAnswerThatChanges_LeadsToTheCheckedAddressOnly()
    {
        // 127.0.0.2 is allowed and plays the outside; 127.0.0.1 plays the inside. Both listen on the same port.
        await using var outside = new FileServer("127.0.0.2") { Text = "outside" };
        using var inside = new System.Net.Sockets.TcpListener(IPAddress.Loopback, outside.Url.Port);
        inside.Start();
        _resolver.Next("rebind.example", IPAddress.Parse("127.0.0.2"), IPAddress.Loopback);
        using OutgoingHttp http = Http(networks: "127.0.0.2/32");
        string url = $"http://rebind.example:{outside.Url.Port}/redirect?to=http://rebind.example:{outside.Url.Port}/file";

        using var target = new MemoryStream();
        await Downloads(http).CopyToAsync(url, target, default);

        Assert.Equal("outside", System.Text.Encoding.UTF8.GetString(target.ToArray()));
        Assert.Equal(1, _resolver.Asked);

        using OutgoingHttp fresh = Http(networks: "127.0.0.2/32");
        await RefusedAsync(fresh, url);
        Assert.Equal(2, _resolver.Asked);
        Assert.False(inside.Pending());
    }

    [Fact]
    public async Task CopyToAsync_RedirectInside_IsRefused()
    {
        await using var inside = new FileServer("127.0.0.3");
        using OutgoingHttp http = Http(networks: "127.0.0.1/32");

        PermanentTaskException e = await RefusedAsync(http, At($"/redirect?to={Uri.EscapeDataString(inside.Url + "file")}"));

        Assert.StartsWith("A redirect is refused.", e.Message, StringComparison.Ordinal);
        Assert.Empty(inside.Requests);
    }

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:pw@127.0.0.1/")]
    public async Task CopyToAsync_RedirectToAnotherKindOfUrl_IsRefused(string target)
    {
        using OutgoingHttp http = Http();

        await RefusedAsync(http, At($"/redirect?to={Uri.EscapeDataString(target)}"));
    }

    [Fact]
    public async Task CopyToAsync_RedirectsWithinTheLimit_AreFollowed()
    {
        using OutgoingHttp http = Http();

        await Downloads(http).CopyToAsync(At("/redirect?to=/redirect%3Fto=/file"), Stream.Null, default);

        Assert.Equal(["/redirect", "/redirect", "/file"], _server.Requests);
    }

    [Fact]
    public async Task CopyToAsync_RedirectsWithoutEnd_AreAPermanentFailure()
    {
        using OutgoingHttp http = Http();

        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => Downloads(http).CopyToAsync(At("/loop"), Stream.Null, default));

        Assert.Equal("too-many-redirects", e.Code);
        Assert.Equal(6, _server.Requests.Count);
    }

    [Theory]
    [InlineData("/zeros?bytes=1000001")]
    [InlineData("/zipped?bytes=1000001")]
    public async Task CopyToAsync_MoreThanTheLimit_StopsThere(string path)
    {
        using OutgoingHttp http = Http(maxBytes: 1_000_000);
        using var target = new MemoryStream();

        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => Downloads(http).CopyToAsync(At(path), target, default));

        Assert.Equal("too-large", e.Code);
        Assert.True(target.Length <= 1_000_000);
    }

    [Theory]
    [InlineData("/broken", "connection-failed")]
    [InlineData("/stalls", "timeout")]
    public async Task CopyToAsync_FileThatDoesNotArriveWhole_IsATransientFailure(string path, string code)
    {
        using OutgoingHttp http = Http(timeoutSeconds: 1);

        var e = await Assert.ThrowsAsync<TransientTaskException>(() => Downloads(http).CopyToAsync(At(path), Stream.Null, default));

        Assert.Equal(code, e.Code);
    }

    [Fact]
    public async Task CopyToAsync_BusyServer_IsARateLimitWithItsHint()
    {
        using OutgoingHttp http = Http();

        var e = await Assert.ThrowsAsync<RateLimitedTaskException>(() => Downloads(http).CopyToAsync(At("/busy"), Stream.Null, default));

        Assert.Equal(TimeSpan.FromSeconds(9), e.RetryAfter);
    }

    [Fact]
    public async Task CopyToAsync_MissingFile_IsAPermanentFailure()
    {
        using OutgoingHttp http = Http();

        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => Downloads(http).CopyToAsync(At("/no"), Stream.Null, default));

        Assert.Equal("http-404", e.Code);
    }

    [Fact]
    public async Task CopyToAsync_UnknownHost_IsATransientFailure()
    {
        using OutgoingHttp http = Http();

        var e = await Assert.ThrowsAsync<TransientTaskException>(
            () => Downloads(http).CopyToAsync("http://nowhere.example/", Stream.Null, default));

        Assert.Equal("connection-failed", e.Code);
    }

    [Fact]
    public void Validate_Options_SaysEverythingThatCannotWork()
    {
        var options = new OutgoingOptions
        {
            AllowedNetworks = "10.0.0.0/8, inside", TimeoutSeconds = 0, MaxRedirects = 21, MaxDownloadBytes = 0
        };

        Assert.Equal(
            [
                "Chard:Outgoing:AllowedHosts or AllowedNetworks: 'inside' is not a network: write it in CIDR notation such as 10.1.0.0/16.",
                "Chard:Outgoing:TimeoutSeconds is 0; it must be 1 to 600.",
                "Chard:Outgoing:MaxRedirects is 21; it must be 0 to 20.",
                "Chard:Outgoing:MaxDownloadBytes is 0; it must be at least 1.",
            ],
            new OutgoingOptionsValidator().Validate(null, options).Failures);
        Assert.True(new OutgoingOptionsValidator().Validate(null, new()).Succeeded);
    }

    private string At(string path) => new Uri(_server.Url, path).ToString();

    private static HttpFileDownloads Downloads(OutgoingHttp http) => new(http, TimeProvider.System);

    private static async Task<PermanentTaskException> RefusedAsync(OutgoingHttp http, string url)
    {
        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => Downloads(http).CopyToAsync(url, Stream.Null, default));
        Assert.Equal("address-refused", e.Code);
        return e;
    }

    private OutgoingHttp Http(string networks = "127.0.0.1/32", string hosts = "", long maxBytes = 10_000_000, int timeoutSeconds = 30) =>
        new(
            Options.Create(new OutgoingOptions
            {
                AllowHttp = true,
                AllowedNetworks = networks,
                AllowedHosts = hosts,
                MaxDownloadBytes = maxBytes,
                TimeoutSeconds = timeoutSeconds,
            }),
            _resolver);
}
