using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Chard.LocalHost.Worker.Protocol;

namespace Chard.LocalHost.Worker;

/// <summary>
/// The app as a child process, as Azure runs it. It ends when this process ends, however that does: see the startup hook.
/// </summary>
internal sealed class WorkerProcess : IWorkerRun
{
    /// <summary>By this a worker tells the Functions host that it did not fail, and wants to be started again.</summary>
    private const int RestartCode = 200;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(20);

    private readonly Process process;

    private WorkerProcess(Process process)
    {
        this.process = process;
        Ended = WaitAsync(process);
    }

    public Task<string> Ended { get; }

    public IServiceProvider? Services => null;

    public int Id => process.Id;

    public bool WantsRestart => process.HasExited && process.ExitCode == RestartCode;

    public static WorkerProcess Start(FunctionsHostOptions options, Uri host, string workerId)
    {
        var (executable, assembly) = Command(options.AppFolder);
        string[] arguments =
        [
            assembly,
            "--host", host.Host,
            "--port", $"{host.Port}",
            "--workerId", workerId,
            "--requestId", Guid.NewGuid().ToString(),
            "--grpcMaxMessageLength", $"{int.MaxValue}",
            "--functions-uri", host.AbsoluteUri,
            "--functions-worker-id", workerId,
            "--functions-request-id", Guid.NewGuid().ToString(),
            "--functions-grpc-max-message-length", $"{int.MaxValue}",
        ];
        var start = new ProcessStartInfo(executable, arguments)
        {
            WorkingDirectory = options.AppFolder,
            // Held open and never written to: its end tells the worker that this process is gone.
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in options.Settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = options.AppFolder;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = options.AppFolder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment.TryGetValue("DOTNET_STARTUP_HOOKS", out var hooks);
        string?[] all = [typeof(EndWithParent).Assembly.Location, hooks];
        start.Environment["DOTNET_STARTUP_HOOKS"] = string.Join(Path.PathSeparator, all.Where(hook => hook is not null));
        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>The worker calls before its web server listens: a request that is sent at once may find nobody.</summary>
    public async Task<Uri?> HttpAddressAsync(string? said, CancellationToken cancellation)
    {
        if (said is null)
        {
            return null;
        }

        var address = new Uri(said);
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(address.Host, address.Port, cancellation);
                return address;
            }
            catch (SocketException)
            {
                if (Ended.IsCompleted)
                {
                    throw new StartException($"The app {await Ended} before its web server listened.");
                }

                await Task.Delay(ProbePause, TimeProvider.System, cancellation);
            }
        }
    }

    public async Task StopAsync(WorkerChannel channel)
    {
        channel.Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });
        await Task.WhenAny(Ended, Task.Delay(StopTimeout, TimeProvider.System));
        Kill();
        await Ended;
    }

    public void Kill()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Ended;
        process.Dispose();
    }

    private static async Task<string> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return string.Create(CultureInfo.InvariantCulture, $"ended with exit code {process.ExitCode}");
    }

    private static (string Executable, string Assembly) Command(string folder)
    {
        var path = Path.Combine(folder, "worker.config.json");
        if (!File.Exists(path))
        {
            throw new StartException($"{folder} holds no worker.config.json: it is not the output of a built isolated Functions app.");
        }

        using var config = JsonDocument.Parse(File.ReadAllBytes(path));
        var description = config.RootElement.GetProperty("description");
        var assembly = description.GetProperty("defaultWorkerPath").GetString()!
            .Replace("{WorkerRoot}", string.Empty, StringComparison.Ordinal);
        return (description.GetProperty("defaultExecutablePath").GetString()!, Path.Combine(folder, assembly));
    }
}
