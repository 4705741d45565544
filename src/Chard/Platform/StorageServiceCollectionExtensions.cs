using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Platform;

/// <summary>Registers the clients of the app's storage account, one of each for the whole app, and the names of what is in it.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="BlobServiceClient"/>, <see cref="QueueServiceClient"/> and <see cref="TableServiceClient"/> for the account of
    /// setting <c>AzureWebJobsStorage</c>: a connection string, or with a managed identity <c>AzureWebJobsStorage__accountName</c>.
    /// An <see cref="HttpPipelineTransport"/> registered as a service carries their requests. Safe to call twice.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => Account(provider).Create(
            (text, options) => new BlobServiceClient(text, options),
            (uri, credential, options) => new BlobServiceClient(uri, credential, options),
            "blob", With(provider, new BlobClientOptions())));
        services.TryAddSingleton(provider => Account(provider).Create(
            (text, options) => new QueueServiceClient(text, options),
            (uri, credential, options) => new QueueServiceClient(uri, credential, options),
            "queue", With(provider, new QueueClientOptions())));
        services.TryAddSingleton(provider => Account(provider).Create(
            (text, options) => new TableServiceClient(text, options),
            (uri, credential, options) => new TableServiceClient(uri, credential, options),
            "table", With(provider, new TableClientOptions())));
        services.TryAddSingleton(provider => new StorageNames(TaskHub.NameIn(provider.GetRequiredService<IConfiguration>())));
        services.TryAddSingleton(provider => ClockPeriod.In(provider.GetRequiredService<IConfiguration>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFunctionMetadataTransformer, FunctionNames>());
        services.AddHostedService<StorageInitializer>();
        return services;
    }

    private static StorageAccount Account(IServiceProvider provider) =>
        StorageAccount.From(provider.GetRequiredService<IConfiguration>());

    private static TOptions With<TOptions>(IServiceProvider provider, TOptions options)
        where TOptions : ClientOptions
    {
        if (provider.GetService<HttpPipelineTransport>() is { } transport)
        {
            options.Transport = transport;
        }

        return options;
    }

    /// <summary>Where the app's storage account is and how to enter it.</summary>
    private sealed record StorageAccount(string? ConnectionString, string? Name)
    {
        public static StorageAccount From(IConfiguration configuration)
        {
            string? name = configuration["AzureWebJobsStorage:accountName"];
            string? text = configuration["AzureWebJobsStorage"];
            return name is not null ? new(null, name)
                : new(string.IsNullOrWhiteSpace(text) ? "UseDevelopmentStorage=true" : text, null);
        }

        public TClient Create<TClient, TOptions>(
            Func<string, TOptions, TClient> fromText,
            Func<Uri, TokenCredential, TOptions, TClient> fromIdentity,
            string service,
            TOptions options) =>
            ConnectionString is not null
                ? fromText(ConnectionString, options)
                : fromIdentity(new Uri($"https://{Name}.{service}.core.windows.net"), new DefaultAzureCredential(), options);
    }
}
