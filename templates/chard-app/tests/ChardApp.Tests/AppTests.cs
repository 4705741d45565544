using System.Net;
using Chard.Testing;

namespace ChardApp.Tests;

/// <summary>The app as it starts: what does not fit together is told here, and not on Azure.</summary>
public sealed class AppTests
{
    [Fact]
    public async Task App_Starts_AndIsHealthy()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

        using HttpResponseMessage health = await app.Http.GetAsync("/api/health");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }
}
