using System.ComponentModel;
using System.Runtime.CompilerServices;
using Chard.Emulator.Tables.Sas;

namespace Azure.Data.Tables.Sas;

/// <summary>Makes shared access signatures of one table: for a time, for some operations, for a range of keys if wanted.</summary>
public class TableSasBuilder
{
    /// <summary>For a signature whose terms are in a stored access policy: set <see cref="TableName"/> and <see cref="Identifier"/>.</summary>
    public TableSasBuilder()
    {
    }

    public TableSasBuilder(string tableName, TableSasPermissions permissions, DateTimeOffset expiresOn)
        : this(tableName, SasText.Of(permissions), expiresOn)
    {
    }

    /// <param name="tableName">The table.</param>
    /// <param name="rawPermissions">Letters of <c>raud</c>, in this order.</param>
    /// <param name="expiresOn">When it ends.</param>
    public TableSasBuilder(string tableName, string rawPermissions, DateTimeOffset expiresOn)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        ArgumentException.ThrowIfNullOrEmpty(rawPermissions);
        TableName = tableName;
        Permissions = rawPermissions;
        ExpiresOn = expiresOn;
    }

    /// <summary>Starts from an address that is signed.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public TableSasBuilder(Uri sasUri)
    {
        var builder = new TableUriBuilder(sasUri);
        var sas = builder.Sas ?? throw new ArgumentException("The address has no shared access signature in its query.", nameof(sasUri));
        TableName = builder.Tablename;
        Permissions = sas.Permissions;
        ExpiresOn = sas.ExpiresOn;
        StartsOn = sas.StartsOn;
        Identifier = sas.Identifier;
        IPRange = sas.IPRange;
        Protocol = sas.Protocol;
        PartitionKeyStart = sas.StartPartitionKey;
        PartitionKeyEnd = sas.EndPartitionKey;
        RowKeyStart = sas.StartRowKey;
        RowKeyEnd = sas.EndRowKey;
    }

    public string TableName { get; set; }

    /// <summary>Letters of <c>raud</c>.</summary>
    public string Permissions { get; private set; }

    public DateTimeOffset ExpiresOn { get; set; }

    /// <summary>The default means at once.</summary>
    public DateTimeOffset StartsOn { get; set; }

    public TableSasProtocol Protocol { get; set; }

    public TableSasIPRange IPRange { get; set; }

    /// <summary>A stored access policy of the table, which then may say permissions and times.</summary>
    public string Identifier { get; set; }

    /// <summary>The first partition; null means no limit.</summary>
    public string PartitionKeyStart { get; set; }

    /// <summary>The last partition; needs <see cref="PartitionKeyStart"/>.</summary>
    public string PartitionKeyEnd { get; set; }

    /// <summary>The first row of the first partition.</summary>
    public string RowKeyStart { get; set; }

    /// <summary>The last row of the last partition; needs <see cref="RowKeyStart"/>.</summary>
    public string RowKeyEnd { get; set; }

    public void SetPermissions(TableSasPermissions permissions) => Permissions = SasText.Of(permissions);

    public void SetPermissions(string rawPermissions) => Permissions = rawPermissions;

    /// <exception cref="InvalidOperationException">There is neither a policy nor both permissions and expiry.</exception>
    public TableSasQueryParameters ToSasQueryParameters(TableSharedKeyCredential sharedKeyCredential)
    {
        ArgumentNullException.ThrowIfNull(sharedKeyCredential);
        SasTerms.Check(Identifier, ExpiresOn, Permissions);
        // The service signs the name in lower case, whatever the case it was created with.
        var signature = sharedKeyCredential.Sign(string.Join(
            '\n',
            Permissions,
            SasText.Of(StartsOn),
            SasText.Of(ExpiresOn),
            $"/table/{sharedKeyCredential.AccountName}/{TableName?.ToLowerInvariant()}",
            Identifier,
            IPRange.ToString(),
            SasText.Of(Protocol),
            SasText.Version,
            PartitionKeyStart,
            RowKeyStart,
            PartitionKeyEnd,
            RowKeyEnd));
        return new TableSasQueryParameters
        {
            Version = SasText.Version,
            TableName = TableName,
            Permissions = Permissions,
            StartsOn = StartsOn,
            ExpiresOn = ExpiresOn,
            Identifier = Identifier,
            IPRange = IPRange,
            Protocol = Protocol,
            StartPartitionKey = PartitionKeyStart,
            EndPartitionKey = PartitionKeyEnd,
            StartRowKey = RowKeyStart,
            EndRowKey = RowKeyEnd,
            Signature = signature,
        };
    }

    /// <returns>The query of the signed address, escaped.</returns>
    public string Sign(TableSharedKeyCredential sharedKeyCredential) => ToSasQueryParameters(sharedKeyCredential).ToString();

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override string ToString() => base.ToString();

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object obj) => ReferenceEquals(this, obj);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
