using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Chard.Emulator.Tables.Wire;

namespace Chard.Emulator.Tables.Accounts;

/// <summary>Opens the channel to an account in each of the ways to sign in.</summary>
internal static class TableAccount
{
    public static TableChannel Open(TableConnectionString account, TableClientOptions options)
        => account.SharedKey is null ? TableChannel.Open(account.Endpoint, options, new SignaturePolicy(account.Signature), null) : Open(account.Endpoint, account.SharedKey, options);

    public static TableChannel Open(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return TableChannel.Open(endpoint, options, null, new SharedKeyPolicy(credential, TimeProvider.System));
    }

    public static TableChannel Open(Uri endpoint, AzureSasCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        if (endpoint.Query.Length > 1)
        {
            throw new ArgumentException("The address has a query (a shared access signature, perhaps) and a credential is given as well: leave one of them out.", nameof(endpoint));
        }

        return TableChannel.Open(NotInTheClear(endpoint), options, new SignaturePolicy(credential), null);
    }

    public static TableChannel Open(Uri endpoint, TokenCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        if (endpoint.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"A token must not travel in the clear: use an https address, not '{endpoint.Scheme}'.", nameof(endpoint));
        }

        var scope = (options?.Audience ?? TableAudience.AzurePublicCloud).Scope;
        return TableChannel.Open(
            endpoint,
            options,
            null,
            options?.EnableTenantDiscovery == true ? new TenantChallengePolicy(credential, scope) : new BearerTokenAuthenticationPolicy(credential, scope));
    }

    /// <summary>Signs in by what is in the address itself; without a query, not at all.</summary>
    public static TableChannel OpenSigned(TableAddress address, TableClientOptions options)
        => TableChannel.Open(NotInTheClear(address.Endpoint), options, address.Query.Length > 0 ? new SignaturePolicy(new AzureSasCredential(address.Query)) : null, null);

    private static Uri NotInTheClear(Uri endpoint)
        => endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback
            ? endpoint
            : throw new ArgumentException($"A shared access signature must not travel in the clear: use an https address, not '{endpoint.Scheme}'.", nameof(endpoint));
}
