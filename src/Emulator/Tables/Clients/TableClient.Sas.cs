using Azure.Data.Tables.Sas;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>A builder of signatures of this table.</summary>
    public virtual TableSasBuilder GetSasBuilder(TableSasPermissions permissions, DateTimeOffset expiresOn) => new(Name, permissions, expiresOn);

    /// <inheritdoc cref="GetSasBuilder(TableSasPermissions, DateTimeOffset)"/>
    public virtual TableSasBuilder GetSasBuilder(string rawPermissions, DateTimeOffset expiresOn) => new(Name, rawPermissions, expiresOn);

    /// <summary>The table's address with a signature, for who shall reach the table without the account's key.</summary>
    /// <exception cref="ArgumentNullException">The client has no shared key to sign with.</exception>
    public virtual Uri GenerateSasUri(TableSasPermissions permissions, DateTimeOffset expiresOn) => GenerateSasUri(GetSasBuilder(permissions, expiresOn));

    /// <inheritdoc cref="GenerateSasUri(TableSasPermissions, DateTimeOffset)"/>
    /// <exception cref="ArgumentException">The builder is for another table.</exception>
    public virtual Uri GenerateSasUri(TableSasBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return string.Equals(builder.TableName, Name, StringComparison.Ordinal)
            ? new Uri($"{channel.EndpointText}/{Name}?{builder.Sign(sharedKey)}")
            : throw new ArgumentException($"The builder signs for table '{builder.TableName}', the client is of '{Name}': set its TableName.", nameof(builder));
    }
}
