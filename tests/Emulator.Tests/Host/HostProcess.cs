using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chard.Emulator.Tests.Host;

/// <summary>The fixture app as a process of its own, on a free port, ended by its id.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    private HostProcess(Process process, int port)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public HttpClient Http { get; }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

    public static HostProcess Start(string data, IReadOnlyList<string> functions, IReadOnlyDictionary<string, string>? environment = null, int port = 0)
    {
        port = port == 0 ? FreePort() : port;
        var start = new ProcessStartInfo("dotnet", [typeof(HostProcess).Assembly.Location, "--port", $"{port}", "--data", data])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["AzureWebJobsStorage"] = "none";
        foreach (var (index, name) in functions.Index())
        {
            start.Environment[$"AzureFunctionsJobHost__functions__{index}"] = name;
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(Process.Start(start)!, port);
        host.process.OutputDataReceived += (_, line) => Append(host.output, line.Data);
        host.process.ErrorDataReceived += (_, line) => Append(host.errors, line.Data);
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        return host;
    }

    public Task ReadyAsync() => Eventually.TrueAsync(
        () => Output.Contains("Functions:", StringComparison.Ordinal) || (process.HasExited ? throw new InvalidOperationException($"{Output}\n{Errors}") : false),
        "the listing of functions");

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Azurite.ProcessSignals.Terminate(process);

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Append(StringBuilder target, string? line)
    {
        lock (target)
        {
            target.AppendLine(line);
        }
    }
}
