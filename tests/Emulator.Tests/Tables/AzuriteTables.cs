using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

/// <summary>A real table service for the tests of a run: Azurite's, on a free port, with data of its own, ended by its process id.</summary>
public sealed class AzuriteTables : IAsyncLifetime
{
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string data = Directory.CreateTempSubdirectory("chard-tables-").FullName;
    private Process? process;
    private int tables;

    public Uri Endpoint { get; private set; } = null!;

    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint={Endpoint}";

    public TableServiceClient Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var azurite = Path.Combine(RepositoryRoot(), "tools", "azurite");
        await InstallAsync(azurite);
        var script = Path.Combine(azurite, "node_modules", "azurite", "dist", "src", "table", "main.js");
        var port = FreePort();
        process = Start("node", azurite, script, "--tablePort", $"{port}", "--location", data, "--silent", "--skipApiVersionCheck", "--disableTelemetry");
        await ListeningAsync(process, port);
        Endpoint = new Uri($"http://127.0.0.1:{port}/{Account}");
        Service = new TableServiceClient(ConnectionString);
    }

    public Task DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }

        process?.Dispose();
        Directory.Delete(data, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A table that no other test has, created.</summary>
    public async Task<TableClient> NewTableAsync()
    {
        var table = Service.GetTableClient(NewName());
        await table.CreateAsync();
        return table;
    }

    /// <summary>A name that no other test has.</summary>
    public string NewName() => $"Test{Interlocked.Increment(ref tables)}";

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No Functions.sln above {AppContext.BaseDirectory}: the tests run from a checkout.");
    }

    /// <summary>Installs the pinned Azurite unless it is there; a second test process waits for the first.</summary>
    private static async Task InstallAsync(string azurite)
    {
        if (Directory.Exists(Path.Combine(azurite, "node_modules", "azurite", "dist")))
        {
            return;
        }

        using var cancellation = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var path = Path.Combine(Path.GetTempPath(), "chard-azurite-install.lock");
        using var exclusive = await LockAsync(path, cancellation.Token);
        if (!Directory.Exists(Path.Combine(azurite, "node_modules", "azurite", "dist")))
        {
            using var npm = Start("npm", azurite, "ci", "--no-audit", "--no-fund");
            await npm.WaitForExitAsync(cancellation.Token);
            Assert.Equal(0, npm.ExitCode);
        }
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private static async Task ListeningAsync(Process process, int port)
    {
        using var cancellation = new CancellationTokenSource(StartLimit);
        while (true)
        {
            Assert.False(process.HasExited, "Azurite ended before it listened.");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellation.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation.Token);
            }
        }
    }

    private static Process Start(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        // An unread pipe fills up and stops the process.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

[CollectionDefinition(Name)]
public sealed class AzuriteTablesCollection : ICollectionFixture<AzuriteTables>
{
    public const string Name = "Azurite tables";
}
