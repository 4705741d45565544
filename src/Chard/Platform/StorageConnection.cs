using Azure.Core;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;

namespace Chard.Platform;

/// <summary>
/// Where the app's storage account is and how to enter it: setting <c>AzureWebJobsStorage</c> in every form that the Functions host takes,
/// so that both work on the same account.
/// </summary>
/// <remarks>
/// A connection string, any cloud's by its <c>EndpointSuffix</c>; or <c>__accountName</c> of the public cloud; or <c>__blobServiceUri</c>,
/// <c>__queueServiceUri</c> and <c>__tableServiceUri</c>, any cloud's. Without a connection string an identity enters: the one of
/// <c>__credential</c>, <c>__clientId</c>, <c>__tenantId</c>, …, else whatever <c>DefaultAzureCredential</c> finds.
/// </remarks>
internal sealed class StorageConnection
{
    /// <summary>The setting.</summary>
    public const string Setting = "AzureWebJobsStorage";

    private const string PublicCloud = "core.windows.net";

    private readonly IConfigurationSection _section;
    private readonly Lazy<TokenCredential> _credential;

    /// <summary>Reads nothing yet.</summary>
    public StorageConnection(IConfiguration configuration, AzureComponentFactory azure)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(azure);
        _section = configuration.GetSection(Setting);
        _credential = new(() => azure.CreateTokenCredential(_section));
    }

    /// <summary>A client of one of the account's services.</summary>
    /// <param name="service"><c>blob</c>, <c>queue</c> or <c>table</c>.</param>
    /// <param name="fromText">Makes it from a connection string.</param>
    /// <param name="fromIdentity">Makes it from an address and a credential.</param>
    /// <exception cref="InvalidOperationException">The setting is missing or not whole; says what to set.</exception>
    public TClient Create<TClient>(string service, Func<string, TClient> fromText, Func<Uri, TokenCredential, TClient> fromIdentity)
    {
        ArgumentNullException.ThrowIfNull(fromText);
        ArgumentNullException.ThrowIfNull(fromIdentity);
        return !string.IsNullOrWhiteSpace(_section.Value)
            ? fromText(_section.Value)
            : fromIdentity(AddressOf(service), _credential.Value);
    }

    private Uri AddressOf(string service)
    {
        string key = $"{service}ServiceUri";
        if (_section[key] is { } text)
        {
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http"
                ? uri
                : throw new InvalidOperationException(
                    $"{Setting}__{key} is '{text}'; it must be the address of the account's {service} service, such as "
                        + $"https://<account>.{service}.{PublicCloud}.");
        }

        if (_section["accountName"] is { Length: > 0 } name)
        {
            return new($"https://{name}.{service}.{PublicCloud}");
        }

        throw new InvalidOperationException(_section.GetChildren().Any()
            ? $"{Setting}__{key} is not set, and neither is {Setting}__accountName: the app needs blobs, queues and tables of the account."
            : $"{Setting} is not set: it names the storage account that keeps workflows, tasks and payloads. On your machine set "
                + $"UseDevelopmentStorage=true in local.settings.json; on Azure set {Setting}__accountName, or "
                + $"{Setting}__blobServiceUri, __queueServiceUri and __tableServiceUri.");
    }
}
