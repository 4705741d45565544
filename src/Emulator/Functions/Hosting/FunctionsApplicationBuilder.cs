using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Invocation;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>A Functions app under construction.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly HostSetup setup;
    private readonly MiddlewareList middleware = new();
    private bool built;

    internal FunctionsApplicationBuilder(string[] args)
    {
        setup = HostSetup.Create(args ?? []);
        setup.Register(middleware);
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)setup.Inner).Properties;

    public ConfigurationManager Configuration => setup.Inner.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public IHostEnvironment Environment => setup.Inner.Environment;

    public ILoggingBuilder Logging => setup.Inner.Logging;

    public IMetricsBuilder Metrics => setup.Inner.Metrics;

    public IServiceCollection Services => setup.Inner.Services;

    /// <summary>The host. It can be built once; InvalidOperationException after that.</summary>
    public IHost Build()
    {
        if (built)
        {
            throw new InvalidOperationException("The host has been built; a builder builds one.");
        }

        built = true;
        return setup.Build();
    }

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => setup.Inner.ConfigureContainer(factory, configure);

    /// <summary>Adds middleware after what is there. InvalidOperationException once the host is built.</summary>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        if (built)
        {
            throw new InvalidOperationException("Middleware has to be added before the host is built.");
        }

        this.middleware.Add(middleware);
        return this;
    }
}
