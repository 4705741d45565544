using Chard.Domain.Tasks;
using Chard.Functions.Tests.Api;
using Chard.Functions.Tests.Harness;
using Chard.Functions.Tests.Tasks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// The whole app on a storage service of its own, in real time, with the test tasks beside its own: charges do what the test says, and are
/// counted.
/// </summary>
public sealed class ShapeHost : IAsyncLifetime
{
    public ShapeHost() => Api = new()
    {
        Configure = options =>
        {
            options.FunctionTypes = [.. options.FunctionTypes!, typeof(TestTaskFunctions)];
            options.ConfigureServices(services =>
            {
                services.AddSingleton(Receiver);
                services.Replace(ServiceDescriptor.Singleton(TaskCatalogue.Create(
                    [.. TheApp.Tasks, typeof(Grow), typeof(Measure), typeof(Charge)],
                    [.. TheApp.TaskFunctions, .. TaskServiceCollectionExtensions.TaskFunctionsIn(typeof(ShapeHost).Assembly)],
                    new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>())));
            });
        },
    };

    public ApiHost Api { get; }

    public Receiver Receiver { get; } = new();

    public Task InitializeAsync() => Api.InitializeAsync();

    public Task DisposeAsync() => Api.DisposeAsync();
}
