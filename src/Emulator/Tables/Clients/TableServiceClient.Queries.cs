using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Models;
using Chard.Emulator.Tables.Clients;
using Chard.Emulator.Tables.Filters;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableServiceClient
{
    /// <summary>Lists the tables that meet a filter on <c>TableName</c>, a page at a time.</summary>
    /// <param name="filter">An OData filter; null means all.</param>
    /// <param name="maxPerPage">Tables a page at most; the service's limit is 1000, which is the default.</param>
    /// <param name="cancellationToken">Ends the wait for a page.</param>
    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => new AsyncPages<TableItem>(PagesOf(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="QueryAsync(string, int?, CancellationToken)"/>
    public virtual Pageable<TableItem> Query(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => new Pages<TableItem>(PagesOf(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="QueryAsync(string, int?, CancellationToken)"/>
    public virtual AsyncPageable<TableItem> QueryAsync(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => QueryAsync(FilterText.Of(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="QueryAsync(string, int?, CancellationToken)"/>
    public virtual Pageable<TableItem> Query(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => Query(FilterText.Of(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="QueryAsync(string, int?, CancellationToken)"/>
    public virtual AsyncPageable<TableItem> QueryAsync(Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => QueryAsync(ExpressionFilter.Of(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="QueryAsync(string, int?, CancellationToken)"/>
    public virtual Pageable<TableItem> Query(Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => Query(ExpressionFilter.Of(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="TableClient.CreateQueryFilter(FormattableString)"/>
    public static string CreateQueryFilter(FormattableString filter) => FilterText.Of(filter);

    /// <inheritdoc cref="TableClient.CreateQueryFilter{T}"/>
    public static string CreateQueryFilter(Expression<Func<TableItem, bool>> filter) => ExpressionFilter.Of(filter);

    private ReadPage<TableItem> PagesOf(string filter)
        => async (continuationToken, pageSize, async, cancellationToken) =>
        {
            using var message = channel.Message(RequestMethod.Get, "/Tables");
            var uri = message.Request.Uri;
            PageQuery.Append(uri, filter, pageSize);
            if (!string.IsNullOrEmpty(continuationToken))
            {
                uri.AppendQuery("NextTableName", continuationToken, escapeValue: true);
            }

            var response = await channel.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
            response.Headers.TryGetValue("x-ms-continuation-NextTableName", out var next);
            return Page<TableItem>.FromValues(TableList.Read(response.Content.ToMemory().Span), next, response);
        };
}
