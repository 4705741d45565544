using Azure.Core;
using Chard.Emulator.Tables.Clients;
using Chard.Emulator.Tables.Entities;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Adds an entity.</summary>
    /// <exception cref="RequestFailedException">409 <c>EntityAlreadyExists</c>; 404 <c>TableNotFound</c>; 400 where a value or a key breaks the service's limits.</exception>
    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
        => AddEntity(entity, async: true, cancellationToken);

    /// <inheritdoc cref="AddEntityAsync{T}"/>
    public virtual Response AddEntity<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
        => AddEntity(entity, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Reads an entity.</summary>
    /// <param name="partitionKey">Its partition.</param>
    /// <param name="rowKey">Its name there.</param>
    /// <param name="select">The properties wanted; null means all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestFailedException">404 <c>ResourceNotFound</c> or <c>TableNotFound</c>.</exception>
    public virtual async Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => (Response<T>)await GetEntity<T>(partitionKey, rowKey, select, tolerated: 0, async: true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="GetEntityAsync{T}"/>
    public virtual Response<T> GetEntity<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => (Response<T>)GetEntity<T>(partitionKey, rowKey, select, tolerated: 0, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Reads an entity if it is there: else the answer has no value, and nothing is thrown.</summary>
    public virtual Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => GetEntity<T>(partitionKey, rowKey, select, tolerated: 404, async: true, cancellationToken);

    /// <inheritdoc cref="GetEntityIfExistsAsync{T}"/>
    public virtual NullableResponse<T> GetEntityIfExists<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => GetEntity<T>(partitionKey, rowKey, select, tolerated: 404, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Adds an entity, or writes over the one that is there, whatever its tag.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
        => PutEntity(entity, default, mode, async: true, cancellationToken);

    /// <inheritdoc cref="UpsertEntityAsync{T}"/>
    public virtual Response UpsertEntity<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
        => PutEntity(entity, default, mode, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Writes over an entity that is there and has the given tag; <see cref="ETag.All"/> means any.</summary>
    /// <exception cref="RequestFailedException">412 <c>UpdateConditionNotSatisfied</c> where the tag is another; 404 <c>ResourceNotFound</c>.</exception>
    public virtual Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
        => PutEntity(entity, NotDefault(ifMatch), mode, async: true, cancellationToken);

    /// <inheritdoc cref="UpdateEntityAsync{T}"/>
    public virtual Response UpdateEntity<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
        => PutEntity(entity, NotDefault(ifMatch), mode, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Deletes an entity that has the given tag; the default means any. Where there is none, the response has status 404 and nothing is thrown.</summary>
    /// <exception cref="RequestFailedException">412 <c>UpdateConditionNotSatisfied</c> where the tag is another.</exception>
    public virtual Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
        => DeleteEntity(partitionKey, rowKey, ifMatch, async: true, cancellationToken);

    /// <inheritdoc cref="DeleteEntityAsync(string, string, ETag, CancellationToken)"/>
    public virtual Response DeleteEntity(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
        => DeleteEntity(partitionKey, rowKey, ifMatch, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="DeleteEntityAsync(string, string, ETag, CancellationToken)"/>
    public virtual Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntity(entity.PartitionKey, entity.RowKey, ifMatch, async: true, cancellationToken);
    }

    /// <inheritdoc cref="DeleteEntityAsync(string, string, ETag, CancellationToken)"/>
    public virtual Response DeleteEntity(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntity(entity.PartitionKey, entity.RowKey, ifMatch, async: false, cancellationToken).GetAwaiter().GetResult();
    }

    private static ETag NotDefault(ETag ifMatch)
        => ifMatch == default
            ? throw new ArgumentException("An update needs the tag of the version it replaces: give the one that was read, or ETag.All to write over any.", nameof(ifMatch))
            : ifMatch;

    private async Task<Response> AddEntity(ITableEntity entity, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        using var message = channel.WriteMessage(RequestMethod.Post, $"/{Name}", PooledContent.Of(entity));
        return await channel.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    private async Task<NullableResponse<T>> GetEntity<T>(string partitionKey, string rowKey, IEnumerable<string> select, int tolerated, bool async, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        using var message = channel.Message(RequestMethod.Get, EntityPath(partitionKey, rowKey));
        AppendSelect(message.Request.Uri, select);
        var response = await channel.SendAsync(message, async, cancellationToken, tolerated).ConfigureAwait(false);
        return response.Status == 404
            ? new AbsentEntity<T>(response)
            : Response.FromValue(new EntityReader<T>().ReadEntity(response.Content.ToMemory().Span), response);
    }

    private async Task<Response> PutEntity(ITableEntity entity, ETag ifMatch, TableUpdateMode mode, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var path = EntityPath(entity.PartitionKey, entity.RowKey);
        using var message = channel.WriteMessage(Method(mode), path, PooledContent.Of(entity));
        if (ifMatch != default)
        {
            message.Request.Headers.Add("If-Match", ifMatch.ToString());
        }

        return await channel.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Response> DeleteEntity(string partitionKey, string rowKey, ETag ifMatch, bool async, CancellationToken cancellationToken)
    {
        using var message = channel.Message(RequestMethod.Delete, EntityPath(partitionKey, rowKey));
        message.Request.Headers.Add("If-Match", (ifMatch == default ? ETag.All : ifMatch).ToString());
        return await channel.SendAsync(message, async, cancellationToken, tolerated: 404).ConfigureAwait(false);
    }
}
