using Chard.DurableTask.Sqlite;
using Chard.LocalHost.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace Chard.LocalHost.Tests;

/// <summary>Hosts of functions that are the classes a test names.</summary>
internal static class HostApp
{
    /// <summary>In this process, on an engine in memory. <paramref name="change"/> changes the options.</summary>
    public static async Task<TestedHost> StartAsync(
        IReadOnlyList<Type> functions,
        Func<FunctionsHostOptions, FunctionsHostOptions>? change = null,
        Action<FunctionsApplicationBuilder>? builder = null,
        bool storage = false)
    {
        var names = functions.Select(type => type.FullName!).ToHashSet();
        var options = await OptionsAsync(storage) with
        {
            Sqlite = new SqliteStorageOptions(),
            InProcess = new InProcessApp
            {
                Assembly = typeof(HostApp).Assembly,
                Main = args => RunAsync(args, builder),
                ConfigureServices = services => FilteredFunctions.Decorate(services, names.Contains),
            },
        };
        return await TestedHost.StartAsync(change?.Invoke(options) ?? options);
    }

    /// <summary>As a child process, with functions by their names, on a history in a file.</summary>
    public static async Task<TestedHost> StartProcessAsync(
        IReadOnlyList<string> functions, Func<FunctionsHostOptions, FunctionsHostOptions>? change = null, bool storage = false)
    {
        var options = await OptionsAsync(storage);
        foreach (var (index, name) in functions.Index())
        {
            options.HostJson[$"functions:{index}"] = name;
        }

        return await TestedHost.StartAsync(change?.Invoke(options) ?? options);
    }

    public static Task RunAsync(string[] args, Action<FunctionsApplicationBuilder>? configure)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        configure?.Invoke(builder);
        return builder.Build().RunAsync();
    }

    private static async Task<FunctionsHostOptions> OptionsAsync(bool storage) => new()
    {
        AppFolder = AppContext.BaseDirectory,
        DataFolder = Directory.CreateTempSubdirectory("chard-host-").FullName,
        Settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = storage ? (await SharedAzurite.GetAsync()).ConnectionString : null
        },
        HostJson = new Dictionary<string, string?> { ["extensions:queues:maxPollingInterval"] = "00:00:00.100" },
    };
}
