using System.Reflection;
using Chard.Domain.Tasks;
using Chard.Platform;
using Chard.Starts;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Harness;

/// <summary>The app and the library below it, for tests that ask what they are made of.</summary>
internal static class TheApp
{
    public static Assembly Assembly { get; } = typeof(TaskFunctions).Assembly;

    public static Assembly Library { get; } = typeof(WorkflowsApi).Assembly;

    /// <summary>All types of both, those of the library first.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. Library.GetTypes(), .. Assembly.GetTypes()];

    /// <summary>The tasks of the app.</summary>
    public static IReadOnlyList<Type> Tasks { get; } = [.. TaskCatalogue.TasksIn(Assembly)];

    /// <summary>The names of the functions that run them.</summary>
    public static IReadOnlyList<string> TaskFunctions { get; } = [.. TaskServiceCollectionExtensions.TaskFunctionsIn(Assembly)];

    /// <summary>Takes works out of the clock's, for a test that does itself what they do, or counts requests.</summary>
    public static void WithoutClockWork(this FunctionsTestHostOptions options, params Type[] works) =>
        options.ConfigureServices(services =>
        {
            foreach (ServiceDescriptor work in services
                .Where(s => s.ServiceType == typeof(IClockWork) && works.Contains(s.ImplementationType)).ToArray())
            {
                services.Remove(work);
            }
        });

    /// <summary>What the app says of its API.</summary>
    public static OpenApiDocument OpenApi { get; } = new([new OpenApiPart(Assembly, "Chard.Functions.openapi.json")]);
}
