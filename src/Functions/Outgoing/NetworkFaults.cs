using System.Net.Sockets;
using Chard.Domain.Failures;

namespace Chard.Functions.Outgoing;

/// <summary>Turns what goes wrong on the way into kinds of failure.</summary>
public static class NetworkFaults
{
    /// <summary>
    /// Runs <paramref name="exchange"/> under a time limit. What the exchange itself knows
    /// (<see cref="TaskFailureException"/>) and the caller's own cancellation pass as they are; everything that a network does
    /// is transient: codes <c>timeout</c> and <c>connection-failed</c>.
    /// </summary>
    /// <param name="who">The other side, for messages: <c>The payment provider</c>.</param>
    /// <param name="limit">Time for the exchange, or for each step of it if the exchange calls
    /// <see cref="CancellationTokenSource.CancelAfter(TimeSpan)"/> again. Real time: the other side's
    /// clock cannot be skipped.</param>
    /// <param name="exchange">Talks to the other side; gets the time limit's source.</param>
    /// <param name="cancellationToken">The caller's own cancellation.</param>
    public static async Task<T> TranslateAsync<T>(
        string who, TimeSpan limit, Func<CancellationTokenSource, Task<T>> exchange, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            return await exchange(timeout);
        }
        catch (HttpRequestException e) when (e.InnerException is TaskFailureException known)
        {
            throw known;
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new TransientTaskException("timeout", $"{who} did not answer within {limit.TotalSeconds:0.#} seconds.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException && !cancellationToken.IsCancellationRequested)
        {
            throw new TransientTaskException("connection-failed", $"{who} cannot be talked to: {e.Message}", e);
        }
    }
}
