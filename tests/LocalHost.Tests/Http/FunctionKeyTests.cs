using System.Net;
using Chard.LocalHost.Http;
using Chard.LocalHost.Tests.App;

namespace Chard.LocalHost.Tests.Http;

public sealed class FunctionKeyTests
{
    [Fact]
    public async Task Keys_WithEnableAuth_FollowTheHostsRules()
    {
        await using var host = await StartAsync();
        var keys = host.Host.Keys!;

        async Task<HttpStatusCode> Status(string path, string? header = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header is not null)
            {
                request.Headers.Add("x-functions-key", header);
            }

            using var response = await host.Http.SendAsync(request);
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Status("/api/Open"));
        // A trigger that names methods but no level asks for a function key, though its property says Anonymous.
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/api/Unsaid"));
        Assert.Equal(HttpStatusCode.OK, await Status($"/api/Unsaid?code={keys.Host}"));
        Assert.Equal(HttpStatusCode.OK, await Status("/api/Unsaid?code=own"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/api/Other?code=own"));
        Assert.Equal(HttpStatusCode.OK, await Status("/api/Unsaid", keys.Master));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status($"/api/Unsaid?code={keys.Host}", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status($"/api/Master?code={keys.Host}"));
        Assert.Equal(HttpStatusCode.OK, await Status($"/api/Master?code={keys.Master}"));
    }

    [Fact]
    public async Task Keys_AreTheSameAfterARestartAndReadableByTheirOwnerAlone()
    {
        await using var host = await StartAsync();
        var file = Path.Combine(host.Options.DataFolder, "keys.json");

        Assert.Equal(host.Host.Keys!.Master, FunctionKeys.Open(host.Options.DataFolder).Master);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private static async Task<TestedHost> StartAsync() => await HostApp.StartAsync([typeof(Guarded)], o =>
    {
        Directory.CreateDirectory(o.DataFolder);
        File.Delete(Path.Combine(o.DataFolder, "keys.json"));
        var keys = FunctionKeys.Open(o.DataFolder);
        keys.Functions["Unsaid"] = "own";
        keys.Save(o.DataFolder);
        return o with { EnableAuth = true };
    });
}
