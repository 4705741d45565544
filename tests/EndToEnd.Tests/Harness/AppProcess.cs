using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Chard.EndToEnd.Tests.Repository;
using Chard.LocalHost;
using Chard.LocalHost.Durable;
using Chard.Tests.Support;

namespace Chard.EndToEnd.Tests.Harness;

/// <summary>The local host with an app, as <c>dotnet run</c> starts them: two processes, on a free port. Ended by id.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;

    private AppProcess(Process process, ConcurrentQueue<string> output, int port)
    {
        _process = process;
        _output = output;
        Client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Speaks to the app.</summary>
    public HttpClient Client { get; }

    /// <summary>True from the moment on at which the app was told to end: its answers need not come any more.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Everything the app has printed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts the app and returns once <c>GET /api/health</c> answers 200.</summary>
    /// <param name="dataFolder">Where history and databases go; a restart with the same folder goes on.</param>
    /// <param name="storage">Connection string of the storage account.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static Task<AppProcess> StartAsync(string dataFolder, string storage, params (string Name, string Value)[] settings) =>
        StartAsync(DurableEngine.Sqlite, dataFolder, storage, settings);

    /// <inheritdoc cref="StartAsync(string, string, ValueTuple{string, string}[])"/>
    public static async Task<AppProcess> StartAsync(
        DurableEngine engine, string dataFolder, string storage, params (string Name, string Value)[] settings)
    {
        string app = RepositoryPaths.OutputOf("src", "Functions");
        AppProcess running = Launch(
            [.. Host(app), "--engine", engine == DurableEngine.Sqlite ? "sqlite" : "azure"], dataFolder, storage, settings);
        await running.WaitUntilHealthyAsync();
        return running;
    }

    /// <summary>Starts an app and returns at once.</summary>
    /// <param name="app">Its output folder.</param>
    /// <param name="dataFolder">Where history and databases go; a restart with the same folder goes on.</param>
    /// <param name="storage">Connection string of the storage account.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static AppProcess Launch(string app, string dataFolder, string storage, params (string Name, string Value)[] settings) =>
        Launch(Host(app), dataFolder, storage, settings);

    /// <summary>Starts an app and returns at once.</summary>
    /// <param name="command">What <c>dotnet</c> is told, up to the app's own arguments.</param>
    /// <param name="dataFolder">Where history and databases go; a restart with the same folder goes on.</param>
    /// <param name="storage">Connection string of the storage account.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static AppProcess Launch(
        IReadOnlyList<string> command, string dataFolder, string storage, params (string Name, string Value)[] settings)
    {
        int port = FreePort.Next();
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryPaths.Root,
        };
        foreach (string argument in (string[])[.. command, "--port", $"{port}", "--data", dataFolder])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AzureWebJobsStorage"] = storage;
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        var output = new ConcurrentQueue<string>();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        return new AppProcess(process, output, port);
    }

    /// <summary>kill -9 of the host and its worker: nothing of them runs any more once this returns.</summary>
    public async Task KillAsync()
    {
        IsEnding = true;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, then waits for the process to drain and end by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        IsEnding = true;
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            // "dotnet run" has the app as its child.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string[] Host(string app) => ["exec", typeof(FunctionsHost).Assembly.Location, "--app", app];

    /// <summary>Returns once <c>GET /api/health</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">The process has ended, or does not answer in time; the message has its
    /// output.</exception>
    public async Task WaitUntilHealthyAsync(TimeSpan? deadline = null)
    {
        try
        {
            await Eventually.TrueAsync("the app is healthy", IsHealthyAsync, deadline ?? StartDeadline);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{e.Message} It printed:\n{Output}", e);
        }

        async Task<bool> IsHealthyAsync()
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The app ended with {_process.ExitCode} instead of starting:\n{Output}");
            }

            try
            {
                using HttpResponseMessage response = await Client.GetAsync("/api/health");
                return response.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false; // not listening yet
            }
        }
    }
}
