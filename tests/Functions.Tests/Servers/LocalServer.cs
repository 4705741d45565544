using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Chard.Functions.Tests.Servers;

/// <summary>An HTTP server on a free port of this machine, which hands each request to one method.</summary>
public abstract class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <summary>Starts to listen on <paramref name="address"/>.</summary>
    protected LocalServer(string address = "127.0.0.1")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{address}:0");
        _app = builder.Build();
        _app.Run(HandleAsync);
        _app.StartAsync().GetAwaiter().GetResult();
        Url = new Uri(_app.Urls.First());
    }

    /// <summary>The server's root.</summary>
    public Uri Url { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token); // answers that hang are cut off
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Answers one request.</summary>
    protected abstract Task HandleAsync(HttpContext context);

    /// <summary>Gives no answer for as long as the caller waits.</summary>
    protected static async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        using CancellationTokenRegistration _ = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
