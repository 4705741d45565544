using System.ComponentModel;
using System.Runtime.CompilerServices;
using Chard.Emulator.Tables.Sas;

namespace Azure.Data.Tables.Sas;

/// <summary>Makes shared access signatures of all tables of an account.</summary>
public class TableAccountSasBuilder
{
    public TableAccountSasBuilder(TableAccountSasPermissions permissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn)
        : this(SasText.Of(permissions), resourceTypes, expiresOn)
    {
    }

    /// <param name="rawPermissions">Letters of <c>rwdlau</c>, in this order.</param>
    /// <param name="resourceTypes">What it is good for.</param>
    /// <param name="expiresOn">When it ends.</param>
    public TableAccountSasBuilder(string rawPermissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn)
    {
        Permissions = rawPermissions;
        ResourceTypes = resourceTypes;
        ExpiresOn = expiresOn;
    }

    /// <summary>Starts from an address that is signed.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public TableAccountSasBuilder(Uri sasUri)
    {
        var sas = new TableUriBuilder(sasUri).Sas ?? throw new ArgumentException("The address has no shared access signature in its query.", nameof(sasUri));
        Permissions = sas.Permissions;
        ResourceTypes = sas.ResourceTypes ?? throw new ArgumentException("The signature in the address is one table's, not the account's.", nameof(sasUri));
        ExpiresOn = sas.ExpiresOn;
        StartsOn = sas.StartsOn;
        Identifier = sas.Identifier;
        IPRange = sas.IPRange;
        Protocol = sas.Protocol;
    }

    public TableAccountSasResourceTypes ResourceTypes { get; set; }

    /// <summary>Letters of <c>rwdlau</c>.</summary>
    public string Permissions { get; private set; }

    public DateTimeOffset ExpiresOn { get; set; }

    /// <summary>The default means at once.</summary>
    public DateTimeOffset StartsOn { get; set; }

    public TableSasProtocol Protocol { get; set; }

    public TableSasIPRange IPRange { get; set; }

    public string Identifier { get; set; }

    public void SetPermissions(TableAccountSasPermissions permissions) => Permissions = SasText.Of(permissions);

    public void SetPermissions(string rawPermissions) => Permissions = rawPermissions;

    /// <exception cref="InvalidOperationException">There are no permissions, or there is no expiry.</exception>
    public TableAccountSasQueryParameters ToSasQueryParameters(TableSharedKeyCredential sharedKeyCredential)
    {
        ArgumentNullException.ThrowIfNull(sharedKeyCredential);
        SasTerms.Check(Identifier, ExpiresOn, Permissions);
        var signature = sharedKeyCredential.Sign(string.Join(
            '\n',
            sharedKeyCredential.AccountName,
            Permissions,
            "t",
            SasText.Of(ResourceTypes),
            SasText.Of(StartsOn),
            SasText.Of(ExpiresOn),
            IPRange.ToString(),
            SasText.Of(Protocol),
            SasText.Version,
            string.Empty));
        return new TableAccountSasQueryParameters
        {
            Version = SasText.Version,
            ResourceTypes = ResourceTypes,
            Permissions = Permissions,
            StartsOn = StartsOn,
            ExpiresOn = ExpiresOn,
            Identifier = Identifier,
            IPRange = IPRange,
            Protocol = Protocol,
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
