using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests;

/// <summary>Some of an app's functions, so that those of other tests neither run nor take a route.</summary>
internal sealed class FilteredFunctions(IFunctionMetadataProvider all, Func<string, bool> includes) : IFunctionMetadataProvider
{
    public async Task<ImmutableArray<IFunctionMetadata>> GetFunctionMetadataAsync(string directory) =>
        [.. (await all.GetFunctionMetadataAsync(directory)).Where(function => includes(ClassOf(function.EntryPoint!)))];

    public static void Decorate(IServiceCollection services, Func<string, bool> includes)
    {
        var inner = services.Last(service => service.ServiceType == typeof(IFunctionMetadataProvider));
        services.AddSingleton<IFunctionMetadataProvider>(provider => new FilteredFunctions(
            (IFunctionMetadataProvider)(inner.ImplementationInstance
                ?? inner.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)),
            includes));
    }

    private static string ClassOf(string entryPoint) => entryPoint[..entryPoint.LastIndexOf('.')];
}
