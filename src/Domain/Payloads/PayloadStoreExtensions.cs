namespace Chard.Domain.Payloads;

/// <summary>Short forms of <see cref="IPayloadStore"/>.</summary>
public static class PayloadStoreExtensions
{
    /// <summary>Stores bytes that are in memory.</summary>
    /// <inheritdoc cref="IPayloadStore.WriteAsync"/>
    /// <param name="payloads">The store.</param>
    /// <param name="workflowId">The owner.</param>
    /// <param name="name">Name within the workflow.</param>
    /// <param name="bytes">The data.</param>
    /// <param name="cancellationToken">Cancels the call; nothing stays behind that a reference names.</param>
    public static Task<PayloadReference> WriteAsync(
        this IPayloadStore payloads, string workflowId, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payloads);
        return payloads.WriteAsync(workflowId, name, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), cancellationToken);
    }
}
