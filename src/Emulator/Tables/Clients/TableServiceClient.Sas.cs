using Azure.Data.Tables.Sas;

namespace Azure.Data.Tables;

public partial class TableServiceClient
{
    /// <summary>A builder of signatures of the account's tables.</summary>
    public virtual TableAccountSasBuilder GetSasBuilder(TableAccountSasPermissions permissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn)
        => new(permissions, resourceTypes, expiresOn);

    /// <inheritdoc cref="GetSasBuilder(TableAccountSasPermissions, TableAccountSasResourceTypes, DateTimeOffset)"/>
    public virtual TableAccountSasBuilder GetSasBuilder(string rawPermissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn)
        => new(rawPermissions, resourceTypes, expiresOn);

    /// <summary>The account's address with a signature, for who shall reach the tables without the account's key.</summary>
    /// <exception cref="ArgumentNullException">The client has no shared key to sign with.</exception>
    public virtual Uri GenerateSasUri(TableAccountSasPermissions permissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn)
        => GenerateSasUri(GetSasBuilder(permissions, resourceTypes, expiresOn));

    /// <inheritdoc cref="GenerateSasUri(TableAccountSasPermissions, TableAccountSasResourceTypes, DateTimeOffset)"/>
    public virtual Uri GenerateSasUri(TableAccountSasBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return new Uri($"{channel.EndpointText}?{builder.Sign(sharedKey)}");
    }
}
