using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Testing;

/// <summary>
/// Which of the functions in the test's build a host has: those of some classes. A function that stands in for one of the app's cannot
/// have its name in one build: it has a name with two underscores and more behind it, and is served without them.
/// </summary>
internal sealed class TestFunctions(IEnumerable<Type> types)
{
    private readonly HashSet<string> classes = [.. types.Select(type => type.FullName!)];

    public void Decorate(IServiceCollection services)
    {
        var inner = services.Last(service => service.ServiceType == typeof(IFunctionMetadataProvider));
        services.AddSingleton<IFunctionMetadataProvider>(provider => new Chosen(
            this,
            (IFunctionMetadataProvider)(inner.ImplementationInstance
                ?? inner.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }

    private IFunctionMetadata? Choose(IFunctionMetadata function)
    {
        if (!classes.Contains(function.EntryPoint![..function.EntryPoint!.LastIndexOf('.')]))
        {
            return null;
        }

        return function.Name!.IndexOf("__", StringComparison.Ordinal) is var end and > 0
            ? new DefaultFunctionMetadata
            {
                EntryPoint = function.EntryPoint,
                Language = function.Language,
                Name = function.Name[..end],
                RawBindings = function.RawBindings,
                Retry = function.Retry,
                ScriptFile = function.ScriptFile,
            }
            : function;
    }

    private sealed class Chosen(TestFunctions functions, IFunctionMetadataProvider all) : IFunctionMetadataProvider
    {
        public async Task<ImmutableArray<IFunctionMetadata>> GetFunctionMetadataAsync(string directory) =>
            [.. (await all.GetFunctionMetadataAsync(directory)).Select(functions.Choose).OfType<IFunctionMetadata>()];
    }
}
