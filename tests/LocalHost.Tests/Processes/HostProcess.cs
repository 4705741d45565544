using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Chard.Tests.Support;

namespace Chard.LocalHost.Tests.Processes;

/// <summary>
/// The local host as a process of its own, in a process group of its own, with functions of this assembly. Ended by its id.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    private HostProcess(Process process, int port)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    public int Id => process.Id;

    public string Output => Read(output);

    public string Errors => Read(errors);

    /// <summary>Starts it with the named functions; without storage, unless the settings name some.</summary>
    public static HostProcess Start(
        string data, IReadOnlyList<string> functions, IEnumerable<(string Name, string Value)>? settings = null, params string[] args)
    {
        var port = FreePort.Next();
        string[] command =
        [
            // A group of its own, and Ctrl-C heard even where whoever runs the tests ignores it.
            "env", "--default-signal=INT", Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
                ? Environment.ProcessPath : "dotnet",
            "exec", typeof(FunctionsHost).Assembly.Location,
            "--app", AppContext.BaseDirectory, "--port", $"{port}", "--data", data, .. args,
        ];
        var start = new ProcessStartInfo("setsid", command) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["AzureWebJobsStorage"] = string.Empty;
        foreach (var (index, name) in functions.Index())
        {
            start.Environment[$"AzureFunctionsJobHost__functions__{index}"] = name;
        }

        foreach (var (name, value) in settings ?? [])
        {
            start.Environment[name] = value;
        }

        return new HostProcess(Process.Start(start)!, port);
    }

    public Task ReadyAsync() => PrintsAsync("Ready after");

    /// <summary>Returns once it has printed the text; fails when it ends without.</summary>
    public Task PrintsAsync(string text) => Eventually.TrueAsync(
        text,
        () => Output.Contains(text, StringComparison.Ordinal)
            || (process.HasExited ? throw new InvalidOperationException($"{Output}\n{Errors}") : false));

    public void Signal(int signal) => Assert.Equal(0, SendSignal(Id, signal));

    /// <summary>To all of its process group, as <c>kill -- -ID</c> does.</summary>
    public void SignalGroup(int signal) => Assert.Equal(0, SendSignal(-Id, signal));

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
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

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private static void Append(StringBuilder target, string? line)
    {
        lock (target)
        {
            target.AppendLine(line);
        }
    }

    private static string Read(StringBuilder source)
    {
        lock (source)
        {
            return source.ToString();
        }
    }
}
