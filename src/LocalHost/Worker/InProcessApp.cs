using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Worker;

/// <summary>An app that runs in the host's process, for tests.</summary>
public sealed record InProcessApp
{
    /// <summary>
    /// The assembly in which the Functions SDK has generated what lists the functions and runs them: the app's, or a test's that refers to
    /// it.
    /// </summary>
    public required Assembly Assembly { get; init; }

    /// <summary>The app's start; default: the entry point of <see cref="Assembly"/>.</summary>
    public Func<string[], Task>? Main { get; init; }

    /// <summary>Changes the app's services after the app has registered them.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }
}
