namespace Chard.Emulator.Tables.Accounts;

/// <summary>The parts of an address of tables: <c>https://account.table.core.windows.net/table?sas</c>, or <c>http://127.0.0.1:10002/account/table?sas</c> where the host names no account.</summary>
internal sealed class TableAddress
{
    private TableAddress(Uri endpoint, string accountName, string tableName, string query)
    {
        Endpoint = endpoint;
        AccountName = accountName;
        TableName = tableName;
        Query = query;
    }

    /// <summary>The account's address, without table and query.</summary>
    public Uri Endpoint { get; }

    public string AccountName { get; }

    /// <summary>Null where the address is the account's.</summary>
    public string TableName { get; }

    /// <summary>Without the question mark; empty where there is none.</summary>
    public string Query { get; }

    public static TableAddress Parse(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var segments = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var root = uri.GetLeftPart(UriPartial.Authority);
        var query = uri.Query.TrimStart('?');
        return IsPathStyle(uri)
            ? new TableAddress(new Uri(segments.Length > 0 ? $"{root}/{segments[0]}" : root), segments.ElementAtOrDefault(0), segments.ElementAtOrDefault(1), query)
            : new TableAddress(new Uri(root), uri.Host[..uri.Host.IndexOf('.', StringComparison.Ordinal)], segments.ElementAtOrDefault(0), query);
    }

    /// <summary>The account's address, from one that may name the table as well.</summary>
    public static Uri WithoutTable(Uri endpoint, string tableName)
        => endpoint is not null && Parse(endpoint) is { TableName: { } named } address && named.Equals(tableName, StringComparison.OrdinalIgnoreCase) ? address.Endpoint : endpoint;

    /// <summary>True where the account is the first segment of the path: on this machine, at an IP address, at a host of one label (as in a container network).</summary>
    public static bool IsPathStyle(Uri uri)
        => uri.IsLoopback || uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || !uri.Host.Contains('.', StringComparison.Ordinal);
}
