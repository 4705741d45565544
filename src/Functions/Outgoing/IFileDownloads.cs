using Chard.Domain.Failures;

namespace Chard.Functions.Outgoing;

/// <summary>Fetches files from URLs that callers give, under <see cref="OutgoingRules"/>.</summary>
public interface IFileDownloads
{
    /// <summary>
    /// Copies the file at <paramref name="url"/> to <paramref name="target"/> as it arrives; holds no more than a buffer of it.
    /// </summary>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="PermanentTaskException">
    /// Code <c>address-refused</c>, <c>too-many-redirects</c>, <c>too-large</c>, or <c>http-4xx</c> (the status).
    /// </exception>
    /// <exception cref="RateLimitedTaskException">The server asks to come back later.</exception>
    /// <exception cref="TransientTaskException">The file did not arrive whole; what was copied is of no use.</exception>
    Task<long> CopyToAsync(string url, Stream target, CancellationToken cancellationToken);
}
