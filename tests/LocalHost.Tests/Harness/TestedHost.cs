using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Tests;

/// <summary>A host with what a test asks it by.</summary>
internal sealed class TestedHost : IAsyncDisposable
{
    private TestedHost(FunctionsHost host, FunctionsHostOptions options, RecordedLogs logs)
    {
        (Host, Options, Logs) = (host, options, logs);
        Http = new HttpClient { BaseAddress = host.Address };
    }

    public FunctionsHost Host { get; }

    public FunctionsHostOptions Options { get; }

    public RecordedLogs Logs { get; }

    public HttpClient Http { get; }

    /// <summary>The app's services, in this process.</summary>
    public IServiceProvider Services => Host.WorkerServices!;

    public string Storage => Options.Settings["AzureWebJobsStorage"]!;

    public static async Task<TestedHost> StartAsync(FunctionsHostOptions options)
    {
        var logs = new RecordedLogs();
        return new TestedHost(
            await FunctionsHost.StartAsync(options with { Logging = logging => logging.AddProvider(logs) }), options, logs);
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        if (Directory.Exists(Options.DataFolder))
        {
            Directory.Delete(Options.DataFolder, recursive: true);
        }
    }
}
