using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask.Testing;

/// <summary>How a <see cref="DurableTaskTestHost"/> is set up.</summary>
public class DurableTaskTestHostOptions
{
    /// <summary>The port the packages' host listens on. Here nothing listens: it is not regarded.</summary>
    public int? Port { get; set; }

    /// <summary>Where logs go; null drops them.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Adds services for orchestrators and activities that are classes.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; set; }
}
