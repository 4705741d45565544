using Azure;
using Azure.Data.Tables;

namespace Chard.Emulator.Tables.Accounts;

/// <summary>
/// What a storage connection string says of tables: where they are and how to be let in. Settings of the other services (BlobEndpoint, …) are passed over.
/// </summary>
internal sealed class TableConnectionString
{
    // The account that Azurite has when nothing else is said; its key is public by design.
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int DevelopmentPort = 10002;

    private TableConnectionString(Uri endpoint, TableSharedKeyCredential sharedKey, AzureSasCredential signature, string accountName)
    {
        Endpoint = endpoint;
        SharedKey = sharedKey;
        Signature = signature;
        AccountName = accountName;
    }

    public Uri Endpoint { get; }

    /// <summary>Null where a signature is given, or nothing.</summary>
    public TableSharedKeyCredential SharedKey { get; }

    public AzureSasCredential Signature { get; }

    public string AccountName { get; }

    /// <exception cref="FormatException">The text is not name=value pairs, or does not tell where the tables are.</exception>
    public static TableConnectionString Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var settings = Split(connectionString);
        if (settings.TryGetValue("UseDevelopmentStorage", out var development))
        {
            return bool.TryParse(development, out var used) && used
                ? OfDevelopment(settings.GetValueOrDefault("DevelopmentStorageProxyUri"))
                : throw new FormatException($"UseDevelopmentStorage={development} in a connection string: only 'true' has a meaning. Leave the setting out to use an account.");
        }

        var account = settings.GetValueOrDefault("AccountName");
        var endpoint = EndpointOf(settings, account);
        var signature = settings.GetValueOrDefault("SharedAccessSignature");
        var key = settings.GetValueOrDefault("AccountKey");
        if (key is not null && account is null)
        {
            throw new FormatException("The connection string has an AccountKey and no AccountName: add AccountName=….");
        }

        if (key is null && signature is null)
        {
            throw new FormatException("The connection string has no way to sign in: add AccountKey=… or SharedAccessSignature=…, or use UseDevelopmentStorage=true.");
        }

        return new TableConnectionString(
            endpoint,
            signature is null ? new TableSharedKeyCredential(account, key) : null,
            signature is null ? null : new AzureSasCredential(signature),
            account ?? TableAddress.Parse(endpoint).AccountName);
    }

    private static TableConnectionString OfDevelopment(string proxy)
    {
        var root = proxy is null ? new Uri("http://127.0.0.1") : UriOf("DevelopmentStorageProxyUri", proxy);
        var endpoint = new UriBuilder(root) { Port = DevelopmentPort, Path = DevelopmentAccount }.Uri;
        return new TableConnectionString(endpoint, new TableSharedKeyCredential(DevelopmentAccount, DevelopmentKey), null, DevelopmentAccount);
    }

    private static Uri EndpointOf(Dictionary<string, string> settings, string account)
    {
        if (settings.TryGetValue("TableEndpoint", out var endpoint))
        {
            return UriOf("TableEndpoint", endpoint);
        }

        if (account is null)
        {
            throw new FormatException("The connection string does not tell where the tables are: add TableEndpoint=https://… or AccountName=….");
        }

        var scheme = settings.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        var suffix = settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return UriOf("EndpointSuffix", $"{scheme}://{account}.table.{suffix}");
    }

    private static Uri UriOf(string setting, string value)
        => Uri.TryCreate(value, UriKind.Absolute, out var uri)
            ? uri
            : throw new FormatException($"{setting} of the connection string gives '{value}', which is no absolute URI.");

    private static Dictionary<string, string> Split(string connectionString)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                // The value may be a key: it is not repeated in the error.
                throw new FormatException("A connection string is made of name=value settings with semicolons between them; one of these has no name or no '='.");
            }

            if (!settings.TryAdd(setting[..equals], setting[(equals + 1)..]))
            {
                throw new FormatException($"The connection string sets {setting[..equals]} twice.");
            }
        }

        return settings;
    }
}
