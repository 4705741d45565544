using System.Net;
using Chard.LocalHost.Tests.App;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace Chard.LocalHost.Tests.Http;

public sealed class MessageTests
{
    [Fact]
    public async Task Request_ToAnAppWithoutAspNetCore_TravelsInMessages()
    {
        await using var host = await HostApp.StartAsync([typeof(WithoutAspNetCore)], o => o with
        {
            InProcess = o.InProcess! with { Main = args => FunctionsApplication.CreateBuilder(args).Build().RunAsync() },
        });
        using var content = new StringContent("body");
        content.Headers.Add("x-sent", "header");

        using var response = await host.Http.PostAsync("/api/echoes/7?q=query", content);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("header", response.Headers.GetValues("x-seen").Single());
        Assert.Equal("POST /api/echoes/7 7 query body", await response.Content.ReadAsStringAsync());
    }
}
