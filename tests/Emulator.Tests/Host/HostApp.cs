using Chard.Emulator.Testing;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace Chard.Emulator.Tests.Host;

/// <summary>A Functions app whose functions are the classes a test names.</summary>
internal static class HostApp
{
    /// <summary>Starts it. Without <paramref name="storage"/> no Azurite is used.</summary>
    public static async Task<FunctionsTestHost> StartAsync(
        IReadOnlyList<Type> functions,
        Action<FunctionsTestHostOptions>? options = null,
        Action<FunctionsApplicationBuilder>? builder = null,
        bool storage = false)
    {
        var azurite = storage ? await SharedAzurite.GetAsync() : null;
        return await FunctionsTestHost.StartAsync(
            args => RunAsync(args, builder),
            typeof(HostApp).Assembly,
            o =>
            {
                o.FunctionTypes = functions;
                o.Azurite = azurite;
                o.UseStorage = storage;
                options?.Invoke(o);
            });
    }

    private static Task RunAsync(string[] args, Action<FunctionsApplicationBuilder>? configure)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        configure?.Invoke(builder);
        return builder.Build().RunAsync();
    }
}
