using Chard.Emulator.Tables.Transactions;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>
    /// Does all of the actions or none: at most 100, on entities of one partition, each entity once, 4 MiB together.
    /// </summary>
    /// <returns>The service's response to each action, in their order.</returns>
    /// <exception cref="TableTransactionFailedException">The service refused an action, and with it all of them.</exception>
    /// <exception cref="InvalidOperationException">There are no actions.</exception>
    public virtual Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
        => SubmitTransaction(transactionActions, async: true, cancellationToken);

    /// <inheritdoc cref="SubmitTransactionAsync"/>
    public virtual Response<IReadOnlyList<Response>> SubmitTransaction(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
        => SubmitTransaction(transactionActions, async: false, cancellationToken).GetAwaiter().GetResult();

    private async Task<Response<IReadOnlyList<Response>>> SubmitTransaction(IEnumerable<TableTransactionAction> actions, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var writer = new TransactionWriter(channel, Name);
        using var message = writer.Write(actions);
        var response = await channel.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(TransactionReader.Read(response, writer.Count), response);
    }
}
