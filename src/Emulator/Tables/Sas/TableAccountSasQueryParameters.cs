using System.Text;
using Chard.Emulator.Tables.Sas;

namespace Azure.Data.Tables.Sas;

/// <summary>A shared access signature of an account's tables. <see cref="ToString"/> gives the query, without question mark, escaped.</summary>
public class TableAccountSasQueryParameters
{
    internal TableAccountSasQueryParameters()
    {
    }

    internal TableAccountSasQueryParameters(SasQuery query)
    {
        Version = query["sv"];
        ResourceTypes = query["srt"] is { } types ? SasText.ResourceTypes(types) : null;
        Protocol = SasText.Protocol(query["spr"]);
        StartsOn = SasText.Time(query["st"]);
        ExpiresOn = SasText.Time(query["se"]);
        IPRange = TableSasIPRange.Parse(query["sip"]);
        Identifier = query["si"];
        Resource = query["sr"];
        Permissions = query["sp"];
        Signature = query["sig"];
    }

    public string Version { get; internal init; }

    /// <summary>Null in the signature of one table.</summary>
    public TableAccountSasResourceTypes? ResourceTypes { get; internal init; }

    public TableSasProtocol Protocol { get; internal init; }

    /// <summary>The default where there is none.</summary>
    public DateTimeOffset StartsOn { get; internal init; }

    /// <summary>The default where a stored access policy says it.</summary>
    public DateTimeOffset ExpiresOn { get; internal init; }

    public TableSasIPRange IPRange { get; internal init; }

    /// <summary>The stored access policy; null or empty where there is none.</summary>
    public string Identifier { get; internal init; }

    public string Resource { get; internal init; }

    public string Permissions { get; internal init; }

    public string Signature { get; internal init; }

    public override string ToString()
    {
        var query = new StringBuilder();
        Append(query);
        return query.ToString();
    }

    internal virtual void Append(StringBuilder query)
    {
        SasQuery.Append(query, "sv", Version);
        SasQuery.Append(query, "ss", ResourceTypes is null ? null : "t");
        SasQuery.Append(query, "srt", ResourceTypes is { } types ? SasText.Of(types) : null);
        SasQuery.Append(query, "spr", SasText.Of(Protocol));
        SasQuery.Append(query, "st", SasText.Of(StartsOn));
        SasQuery.Append(query, "se", SasText.Of(ExpiresOn));
        SasQuery.Append(query, "sip", IPRange.ToString());
        SasQuery.Append(query, "si", Identifier);
        SasQuery.Append(query, "sr", Resource);
        SasQuery.Append(query, "sp", Permissions);
        SasQuery.Append(query, "sig", Signature);
    }
}
