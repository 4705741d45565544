using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Platform;

/// <summary>Registers the clients of the app's storage account, one of each for the whole app, and the names of what is in it.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="BlobServiceClient"/>, <see cref="QueueServiceClient"/> and <see cref="TableServiceClient"/> for the account of
    /// setting <c>AzureWebJobsStorage</c>, in any form that the host takes (<see cref="StorageConnection"/>).
    /// An <see cref="HttpPipelineTransport"/> registered as a service carries their requests. Safe to call twice.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddAzureClientsCore();
        services.TryAddSingleton<StorageConnection>();
        services.TryAddSingleton(provider => provider.GetRequiredService<StorageConnection>().Create(
            "blob",
            text => new BlobServiceClient(text, With(provider, new BlobClientOptions())),
            (uri, credential) => new BlobServiceClient(uri, credential, With(provider, new BlobClientOptions()))));
        services.TryAddSingleton(provider => provider.GetRequiredService<StorageConnection>().Create(
            "queue",
            text => new QueueServiceClient(text, With(provider, new QueueClientOptions())),
            (uri, credential) => new QueueServiceClient(uri, credential, With(provider, new QueueClientOptions()))));
        services.TryAddSingleton(provider => provider.GetRequiredService<StorageConnection>().Create(
            "table",
            text => new TableServiceClient(text, With(provider, new TableClientOptions())),
            (uri, credential) => new TableServiceClient(uri, credential, With(provider, new TableClientOptions()))));
        services.TryAddSingleton(provider => new StorageNames(TaskHub.NameIn(provider.GetRequiredService<IConfiguration>())));
        services.TryAddSingleton<TableWriter>();
        services.TryAddSingleton(provider => ClockPeriod.In(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<AccessSettings>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFunctionMetadataTransformer, FunctionNames>());
        services.AddHostedService<StorageInitializer>();
        return services;
    }

    private static TOptions With<TOptions>(IServiceProvider provider, TOptions options)
        where TOptions : ClientOptions
    {
        if (provider.GetService<HttpPipelineTransport>() is { } transport)
        {
            options.Transport = transport;
        }

        return options;
    }
}
