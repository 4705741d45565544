using System.Diagnostics;
using Chard.Tests.Support;
using Npgsql;

namespace Chard.Functions.Tests.Imports;

/// <summary>A PostgreSQL server of its own: a data folder of its own, a free port, ended by its process id.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("chard-postgres-").FullName;
    private Process? _server;
    private string _connectionString = "";
    private int _databases;

    public async Task InitializeAsync()
    {
        if (PostgresPrograms.Folder is null)
        {
            return;
        }

        var data = Path.Combine(_folder, "data");
        if (Environment.UserName == "root")
        {
            await RunAsync(Start("chown", "postgres", _folder));
        }

        await RunAsync(
            Unprivileged("initdb", "--no-sync", "--auth=trust", "--username=chard", "--encoding=UTF8", "--locale=C", "-D", data));
        var rules = Path.Combine(data, "pg_hba.conf");
        await File.WriteAllTextAsync(rules, $"host all {RoleWithPassword} 127.0.0.1/32 password\n{await File.ReadAllTextAsync(rules)}");
        var port = FreePort.Next();
        _connectionString = $"Host=127.0.0.1;Port={port};Username=chard;Database=postgres";
        _server = Start(
            Unprivileged("postgres", "-D", data, "-p", $"{port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"));
        await WaitUntilItAnswersAsync();
        await using var source = NpgsqlDataSource.Create(_connectionString);
        await using var command = source.CreateCommand($"CREATE ROLE {RoleWithPassword} SUPERUSER LOGIN PASSWORD '{Password}'");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The one role that has to show a password; everybody else is trusted.</summary>
    public const string RoleWithPassword = "guarded";

    /// <summary>Its password.</summary>
    public const string Password = "a token";

    /// <summary>Makes an empty database for <see cref="RoleWithPassword"/>.</summary>
    /// <returns>How to connect to it, without the password.</returns>
    public async Task<string> CreateGuardedDatabaseAsync() =>
        new NpgsqlConnectionStringBuilder(await CreateDatabaseAsync()) { Username = RoleWithPassword }.ConnectionString;

    /// <summary>Makes an empty database.</summary>
    /// <returns>How to connect to it.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        if (PostgresPrograms.Folder is null)
        {
            throw new InvalidOperationException(PostgresPrograms.Missing);
        }

        var name = $"t{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(_connectionString);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = name }.ConnectionString;
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsync(Start("kill", "-INT", $"{_server.Id}"));
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    // PostgreSQL refuses to run as root. setpriv becomes the program it starts, so that its id is the server's.
    private static ProcessStartInfo Unprivileged(string program, params string[] arguments)
    {
        var path = Path.Combine(PostgresPrograms.Folder!, program);
        return Environment.UserName == "root"
            ? Start("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", path, .. arguments])
            : Start(path, arguments);
    }

    private static ProcessStartInfo Start(string program, params string[] arguments) => new(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
    };

    private static Process Start(ProcessStartInfo info)
    {
        var process = new Process { StartInfo = info };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task RunAsync(ProcessStartInfo info)
    {
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{info.FileName} ended with {process.ExitCode}: {await output} {errors}");
    }

    private async Task WaitUntilItAnswersAsync()
    {
        using var deadline = new CancellationTokenSource(StartDeadline);
        await using var source = NpgsqlDataSource.Create(_connectionString);
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(deadline.Token);
                return;
            }
            catch (NpgsqlException) when (!_server!.HasExited && !deadline.IsCancellationRequested)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }
}
