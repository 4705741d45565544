using Azure.Data.Tables.Sas;
using Chard.Emulator.Tables.Accounts;
using Chard.Emulator.Tables.Sas;

namespace Azure.Data.Tables;

/// <summary>Takes the address of an account or a table apart, and puts it together again.</summary>
public class TableUriBuilder
{
    private readonly bool isPathStyle;

    public TableUriBuilder(Uri uri)
    {
        var address = TableAddress.Parse(uri);
        var query = new SasQuery(address.Query);
        isPathStyle = TableAddress.IsPathStyle(uri);
        Scheme = uri.Scheme;
        Host = uri.Host;
        Port = uri.Port;
        AccountName = address.AccountName;
        Sas = query.IsSigned ? new TableSasQueryParameters(query) : null;
        Tablename = address.TableName ?? Sas?.TableName ?? string.Empty;
        Query = query.Rest;
    }

    public string Scheme { get; set; }

    public string Host { get; set; }

    public int Port { get; set; }

    public string AccountName { get; set; }

    /// <summary>Empty where the address is the account's.</summary>
    public string Tablename { get; set; }

    /// <summary>The signature in the query; null where there is none.</summary>
    public TableSasQueryParameters Sas { get; set; }

    /// <summary>What else is in the query.</summary>
    public string Query { get; set; }

    public Uri ToUri()
    {
        var path = string.Join('/', new[] { isPathStyle ? AccountName : null, Tablename }.Where(part => !string.IsNullOrWhiteSpace(part)));
        var query = string.Join('&', new[] { Query?.TrimStart('?'), Sas?.ToString() }.Where(part => !string.IsNullOrWhiteSpace(part)));
        return new UriBuilder(Scheme, Host, Port, path) { Query = query }.Uri;
    }

    public override string ToString() => ToUri().ToString();
}
