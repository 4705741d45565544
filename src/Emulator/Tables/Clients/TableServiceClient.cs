using Azure.Core;
using Azure.Data.Tables.Models;
using Chard.Emulator.Tables.Accounts;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>
/// The tables of an account. Safe for use by many threads; keep one for the life of the process. The clients it gives share its connections.
/// Every method throws <see cref="RequestFailedException"/>, with the service's status and error code, where the service refuses,
/// after the retries of <see cref="TableClientOptions"/>. Methods can be mocked.
/// </summary>
public partial class TableServiceClient
{
    private readonly TableChannel channel;
    private readonly TableSharedKeyCredential sharedKey;

    /// <summary>For mocks.</summary>
    protected TableServiceClient()
    {
    }

    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <exception cref="FormatException">The connection string cannot be understood.</exception>
    public TableServiceClient(string connectionString, TableClientOptions options = null)
    {
        var account = TableConnectionString.Parse(connectionString);
        (channel, sharedKey, AccountName) = (TableAccount.Open(account, options), account.SharedKey, account.AccountName);
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
        => (channel, sharedKey, AccountName) = (TableAccount.Open(endpoint, credential, options), credential, credential.AccountName);

    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <param name="endpoint">The account's address.</param>
    /// <param name="credential">The signature appended to every request.</param>
    /// <param name="options">Retries, transport and so on.</param>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        => (channel, AccountName) = (TableAccount.Open(endpoint, credential, options), TableAddress.Parse(endpoint).AccountName);

    /// <param name="endpoint">The account's address, with a shared access signature in its query.</param>
    /// <param name="options">Retries, transport and so on.</param>
    public TableServiceClient(Uri endpoint, TableClientOptions options = null)
    {
        var address = TableAddress.Parse(endpoint);
        (channel, AccountName) = (TableAccount.OpenSigned(address, options), address.AccountName);
    }

    /// <param name="endpoint">The account's address, HTTPS.</param>
    /// <param name="tokenCredential">Where tokens come from.</param>
    /// <param name="options">Retries, transport, audience and so on.</param>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
        => (channel, AccountName) = (TableAccount.Open(endpoint, tokenCredential, options), TableAddress.Parse(endpoint).AccountName);

    public virtual string AccountName { get; }

    /// <summary>The account's address.</summary>
    public virtual Uri Uri => channel.Endpoint;

    /// <summary>A client of one table, which need not be there.</summary>
    public virtual TableClient GetTableClient(string tableName) => new(channel, tableName, AccountName, sharedKey);

    /// <summary>Creates a table.</summary>
    /// <exception cref="RequestFailedException">409 <c>TableAlreadyExists</c> if it is there.</exception>
    public virtual Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, tableName, ifNotExists: false, async: true, cancellationToken);

    /// <inheritdoc cref="CreateTableAsync"/>
    public virtual Response<TableItem> CreateTable(string tableName, CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, tableName, ifNotExists: false, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Creates a table if it is not there.</summary>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, tableName, ifNotExists: true, async: true, cancellationToken);

    /// <inheritdoc cref="CreateTableIfNotExistsAsync"/>
    public virtual Response<TableItem> CreateTableIfNotExists(string tableName, CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, tableName, ifNotExists: true, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Deletes a table and all it holds. Where there is none, the response has status 404 and nothing is thrown.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default)
        => TableOperations.DeleteAsync(channel, tableName, async: true, cancellationToken);

    /// <inheritdoc cref="DeleteTableAsync"/>
    public virtual Response DeleteTable(string tableName, CancellationToken cancellationToken = default)
        => TableOperations.DeleteAsync(channel, tableName, async: false, cancellationToken).GetAwaiter().GetResult();
}
