using System.Collections.Concurrent;
using Chard.Testing;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Chard.Functions.Tests.Harness;

/// <summary>A small app that has nothing of Chard, for tests of the test host itself.</summary>
internal static class HarnessApp
{
    public static Task<FunctionsTestHost> StartAsync(Action<FunctionsTestHostOptions>? configure = null) =>
        FunctionsTestHost.StartAsync(RunAsync, typeof(HarnessApp).Assembly, options =>
        {
            options.UseStorage = false;
            options.FunctionTypes = [typeof(HarnessFlows), typeof(HarnessSteps)];
            configure?.Invoke(options);
        });

    private static async Task RunAsync(string[] args)
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<HarnessNotes>();
        await builder.Build().RunAsync();
    }
}

/// <summary>What the app's functions noted, in their order.</summary>
public sealed class HarnessNotes(TimeProvider time)
{
    public ConcurrentQueue<(DateTimeOffset At, string What)> All { get; } = new();

    public int Add(string what)
    {
        All.Enqueue((time.GetUtcNow(), what));
        return All.Count;
    }
}
