using Chard.Domain.Failures;

namespace Chard.Functions.Payments;

/// <summary>The payment provider.</summary>
public interface IPaymentApi
{
    /// <summary>
    /// Charges once per <paramref name="idempotencyKey"/>: asked again with the same key, the provider answers with the charge it made.
    /// </summary>
    /// <exception cref="PermanentTaskException">
    /// Code <c>card-declined</c>, <c>payments-not-configured</c>, or <c>http-4xx</c> (the status).
    /// </exception>
    /// <exception cref="RateLimitedTaskException">The provider asks to come back later.</exception>
    /// <exception cref="TransientTaskException">No usable answer came: codes <c>timeout</c>, <c>connection-failed</c>,
    /// <c>bad-answer</c>, <c>http-5xx</c>. The charge may have been made.</exception>
    Task<Charge> ChargeAsync(ChargeOrderArgs order, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>
    /// The charge made under <paramref name="idempotencyKey"/>; null if there is none. Exceptions as of <see cref="ChargeAsync"/>.
    /// </summary>
    Task<Charge?> FindAsync(string idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>A charge as the provider tells it.</summary>
/// <param name="Id">The provider's number of the charge.</param>
/// <param name="Amount">The sum; null if the provider does not repeat it.</param>
/// <param name="Currency">The currency; null if the provider does not repeat it.</param>
public sealed record Charge(string Id, decimal? Amount = null, string? Currency = null);
