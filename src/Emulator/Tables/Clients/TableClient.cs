using Azure.Core;
using Azure.Data.Tables.Models;
using Chard.Emulator.Tables.Accounts;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>
/// One table. Safe for use by many threads; keep one for the life of the process.
/// Every method throws <see cref="RequestFailedException"/>, with the service's status and error code, where the service refuses,
/// after the retries of <see cref="TableClientOptions"/>. Methods can be mocked.
/// </summary>
public partial class TableClient
{
    private readonly TableChannel channel;
    private readonly TableSharedKeyCredential sharedKey;

    /// <summary>For mocks.</summary>
    protected TableClient()
    {
    }

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <exception cref="FormatException">The connection string cannot be understood.</exception>
    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        var account = TableConnectionString.Parse(connectionString);
        (channel, sharedKey, AccountName, Name) = (TableAccount.Open(account, options), account.SharedKey, account.AccountName, tableName);
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <param name="endpoint">The account's address.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="credential">Signs the requests.</param>
    /// <param name="options">Retries, transport and so on.</param>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableAccount.Open(TableAddress.WithoutTable(endpoint, tableName), credential, options), tableName, credential?.AccountName, credential)
    {
    }

    /// <param name="endpoint">The table's address.</param>
    /// <param name="credential">The signature appended to every request.</param>
    /// <param name="options">Retries, transport and so on.</param>
    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var address = TableAddress.Parse(endpoint);
        (channel, AccountName, Name) = (TableAccount.Open(address.Endpoint, credential, options), address.AccountName, address.TableName);
    }

    /// <param name="endpoint">The table's address, with a shared access signature in its query.</param>
    /// <param name="options">Retries, transport and so on.</param>
    public TableClient(Uri endpoint, TableClientOptions options = null)
    {
        var address = TableAddress.Parse(endpoint);
        (channel, AccountName, Name) = (TableAccount.OpenSigned(address, options), address.AccountName, address.TableName);
    }

    /// <param name="endpoint">The account's address, HTTPS.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="tokenCredential">Where tokens come from.</param>
    /// <param name="options">Retries, transport, audience and so on.</param>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableAccount.Open(TableAddress.WithoutTable(endpoint, tableName), tokenCredential, options), tableName, TableAddress.Parse(endpoint).AccountName, null)
    {
    }

    internal TableClient(TableChannel channel, string tableName, string accountName, TableSharedKeyCredential sharedKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        (this.channel, this.sharedKey, AccountName, Name) = (channel, sharedKey, accountName, tableName);
    }

    public virtual string Name { get; }

    public virtual string AccountName { get; }

    /// <summary>The table's address.</summary>
    public virtual Uri Uri => new($"{channel.EndpointText}/{Name}");

    /// <summary>Creates the table.</summary>
    /// <exception cref="RequestFailedException">409 <c>TableAlreadyExists</c> if it is there.</exception>
    public virtual Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, Name, ifNotExists: false, async: true, cancellationToken);

    /// <inheritdoc cref="CreateAsync"/>
    public virtual Response<TableItem> Create(CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, Name, ifNotExists: false, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Creates the table if it is not there.</summary>
    public virtual Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, Name, ifNotExists: true, async: true, cancellationToken);

    /// <inheritdoc cref="CreateIfNotExistsAsync"/>
    public virtual Response<TableItem> CreateIfNotExists(CancellationToken cancellationToken = default)
        => TableOperations.CreateAsync(channel, Name, ifNotExists: true, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Deletes the table and all it holds. Where there is none, the response has status 404 and nothing is thrown.</summary>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
        => TableOperations.DeleteAsync(channel, Name, async: true, cancellationToken);

    /// <inheritdoc cref="DeleteAsync"/>
    public virtual Response Delete(CancellationToken cancellationToken = default)
        => TableOperations.DeleteAsync(channel, Name, async: false, cancellationToken).GetAwaiter().GetResult();
}
