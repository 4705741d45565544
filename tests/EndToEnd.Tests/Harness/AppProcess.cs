using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Chard.EndToEnd.Tests.Repository;

namespace Chard.EndToEnd.Tests.Harness;

/// <summary>The app as a process of its own, as <c>dotnet run</c> starts it, on a free port. Ended by id.</summary>
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

    /// <summary>Everything the app has printed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The resident memory of the process at its highest, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts the app and returns once <c>GET /api/health</c> answers 200.</summary>
    /// <param name="dataFolder">Where history and databases go; a restart with the same folder goes on.</param>
    /// <param name="storage">Connection string of the storage account.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static async Task<AppProcess> StartAsync(string dataFolder, string storage, params (string Name, string Value)[] settings)
    {
        AppProcess running = Launch(typeof(Program).Assembly.Location, dataFolder, storage, settings);
        await running.WaitUntilHealthyAsync();
        return running;
    }

    /// <summary>Starts an app and returns at once.</summary>
    /// <param name="app">Its assembly.</param>
    /// <param name="dataFolder">Where history and databases go; a restart with the same folder goes on.</param>
    /// <param name="storage">Connection string of the storage account.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static AppProcess Launch(string app, string dataFolder, string storage, params (string Name, string Value)[] settings) =>
        Launch(["exec", app], dataFolder, storage, settings);

    /// <summary>Starts an app and returns at once.</summary>
    /// <param name="command">What <c>dotnet</c> is told, up to the app's own arguments.</param>
    /// <param name="dataFolder">Where history and databases go; a restart with the same folder goes on.</param>
    /// <param name="storage">Connection string of the storage account.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static AppProcess Launch(IReadOnlyList<string> command, string dataFolder, string storage, params (string Name, string Value)[] settings)
    {
        int port = FreePort();
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

    /// <summary>kill -9: nothing of the process runs any more once this returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, then waits for the process to drain and end by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
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

    /// <summary>A port nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Returns once <c>GET /api/health</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">The process has ended, or does not answer in time; the message has its output.</exception>
    public async Task WaitUntilHealthyAsync(TimeSpan? deadline = null)
    {
        try
        {
            await Eventually.TrueAsync("the app is healthy", deadline ?? StartDeadline, async () =>
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
            });
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{e.Message} It printed:\n{Output}", e);
        }
    }
}
