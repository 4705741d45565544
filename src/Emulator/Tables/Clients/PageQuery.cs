using System.Globalization;
using Azure;
using Azure.Core;

namespace Chard.Emulator.Tables.Clients;

/// <summary>The part of a query's address that entities and tables have in common.</summary>
internal static class PageQuery
{
    public static void Append(RequestUriBuilder uri, string filter, int? pageSize)
    {
        if (pageSize is { } size)
        {
            uri.AppendQuery("$top", size.ToString(CultureInfo.InvariantCulture), escapeValue: false);
        }

        if (!string.IsNullOrEmpty(filter))
        {
            uri.AppendQuery("$filter", filter, escapeValue: true);
        }
    }
}

/// <summary>
/// Where a query goes on: the service gives the next partition key and row key in two headers, the caller gets both in one token with a space
/// between them, as from the real client. Neither half has a space in it: the service encodes them.
/// </summary>
internal static class EntityContinuation
{
    public static string Of(Response response)
    {
        var hasPartition = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition);
        var hasRow = response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row);
        return hasPartition || hasRow ? $"{partition} {row}" : null;
    }

    public static void Append(RequestUriBuilder uri, string token)
    {
        // A token of one character is the space alone: the start.
        if (token is null || token.Length <= 1)
        {
            return;
        }

        var space = token.IndexOf(' ', StringComparison.Ordinal);
        uri.AppendQuery("NextPartitionKey", space < 0 ? token : token[..space], escapeValue: true);
        if (space >= 0 && space < token.Length - 1)
        {
            uri.AppendQuery("NextRowKey", token[(space + 1)..], escapeValue: true);
        }
    }
}
