using System.Diagnostics;
using System.Globalization;
using System.Text;
using Chard.LocalHost;
using Chard.LocalHost.Azurite;
using Chard.LocalHost.Durable;
using Chard.LocalHost.Worker;
using Chard.Testing;
using Chard.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Chard.Bench;

/// <summary>
/// The local host with an app, on data of its own, which are removed at the end: processes of their own, or in this process.
/// </summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private const string EngineSetting = "EngineStorage";

    private readonly StringBuilder _output = new();
    private readonly string _data = Directory.CreateTempSubdirectory("chard-bench-").FullName;
    private Process? _process;
    private FunctionsHost? _host;
    private AzuriteProcess? _azurite;

    private BenchHost()
    {
    }

    /// <summary>Speaks to the app.</summary>
    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>When the host was started, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long Since { get; private set; }

    /// <summary>From the start of the host until it has said that it is ready.</summary>
    public TimeSpan Ready { get; private set; }

    /// <summary>The most memory that host and worker have held together, in MB: the sum of their own peaks.</summary>
    public double PeakMegabytes => Processes().Sum(static process =>
    {
        using (process)
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }) / (1024.0 * 1024);

    /// <summary>
    /// Processor time since their start; of a host in this process all is the host's. Azurite counts where this host has one of its own.
    /// </summary>
    public CpuTimes Cpu()
    {
        TimeSpan[] own = [.. Processes().Select(TimeOf)];
        TimeSpan azurite = _azurite is null ? TimeSpan.Zero : TimeOf(Process.GetProcessById(_azurite.ProcessId));
        return new CpuTimes(own[0], own.Skip(1).Aggregate(TimeSpan.Zero, (sum, time) => sum + time), azurite);

        static TimeSpan TimeOf(Process process)
        {
            using (process)
            {
                return process.TotalProcessorTime;
            }
        }
    }

    /// <summary>Starts the app in a folder of build output.</summary>
    /// <param name="app">The folder.</param>
    /// <param name="options">Engine and mode.</param>
    /// <param name="account">The storage account, whose requests are counted; null: an Azurite of its own where it needs one.</param>
    /// <param name="host">The host's assembly; null: the one built with this program.</param>
    /// <param name="needsStorage">The app itself uses storage, whatever the engine.</param>
    public static async Task<BenchHost> StartAsync(
        string app, BenchOptions options, StorageAccount? account = null, string? host = null, bool needsStorage = true)
    {
        var bench = new BenchHost();
        try
        {
            string? storage = account?.ConnectionString;
            if (account is null && (needsStorage || options.Engine == DurableEngine.AzureStorage))
            {
                bench._azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { DataFolder = Path.Combine(bench._data, "azurite") });
                storage = bench._azurite.ConnectionString;
            }

            var settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = storage };
            if (account is not null && options.Engine == DurableEngine.AzureStorage)
            {
                // By a door of its own, so that its requests are told from the app's.
                settings[EngineSetting] = account.Engine.ConnectionString;
                settings["AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionName"] = EngineSetting;
            }

            bench.Since = Stopwatch.GetTimestamp();
            if (options.InProcess)
            {
                await bench.StartInProcessAsync(app, options, settings);
            }
            else
            {
                await bench.StartProcessAsync(app, options, settings, host ?? typeof(FunctionsHost).Assembly.Location);
            }

            bench.Ready = Stopwatch.GetElapsedTime(bench.Since);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>The output folder of a project that was built together with this one.</summary>
    public static string OutputOf(params string[] project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        for (DirectoryInfo? root = own; root is not null; root = root.Parent)
        {
            if (File.Exists(Path.Combine(root.FullName, "Functions.sln")))
            {
                return Path.Combine([root.FullName, .. project, "bin", own.Parent!.Name, own.Name]);
            }
        }

        throw new InvalidOperationException($"No folder above {own} holds Functions.sln.");
    }

    /// <summary>Events and bytes in the history, and the events of the instance that has most; only of the SQLite engine.</summary>
    public (long Events, long Bytes, long Longest) History()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "history.db")};Mode=ReadOnly");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM history), (SELECT coalesce(sum(length(body)), 0) FROM history), (SELECT "
            + "coalesce(max(events), 0) FROM instances)";
        using SqliteDataReader row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    private IEnumerable<Process> Processes()
    {
        if (_process is null)
        {
            return [Process.GetCurrentProcess()];
        }

        string ids = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
        return [Process.GetProcessById(_process.Id), .. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)))];
    }

    private async Task StartInProcessAsync(string app, BenchOptions options, Dictionary<string, string?> settings)
    {
        _host = await FunctionsHost.StartAsync(
            new FunctionsHostOptions
            {
                AppFolder = app,
                DataFolder = _data,
                Engine = options.Engine,
                Settings = settings,
                InProcess = new InProcessApp { Assembly = typeof(Plain.MeasureApi).Assembly },
            },
            CancellationToken.None);
        Client.BaseAddress = _host.Address;
    }

    private async Task StartProcessAsync(string app, BenchOptions options, Dictionary<string, string?> settings, string host)
    {
        int port = FreePort.Next();
        string engine = options.Engine == DurableEngine.Sqlite ? "sqlite" : "azure";
        var ready = new TaskCompletionSource();
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet", ["exec", host, "--app", app, "--data", _data, "--port", $"{port}", "--engine", engine])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach ((string name, string? value) in settings)
        {
            _process.StartInfo.Environment[name] = value ?? string.Empty;
        }

        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client.BaseAddress = new Uri($"http://localhost:{port}");
        Task ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(ready.Task, ended) == ended)
        {
            throw new InvalidOperationException($"The host has ended instead of listening:\n{_output}");
        }

        void Read(string? line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }

            if (line?.StartsWith("Ready after", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        }
    }
}
