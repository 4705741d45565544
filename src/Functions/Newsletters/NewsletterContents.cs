using System.Collections.Concurrent;
using System.Text.Json;
using Chard.Domain.Payloads;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Keeps the contents of the newsletters at hand, so that not every message reads its own from storage. Safe for all threads.
/// </summary>
public sealed class NewsletterContents
{
    /// <summary>Newsletters that are kept; the oldest ones go first. About 1 MB each at most.</summary>
    public const int Capacity = 8;

    private readonly ConcurrentDictionary<string, NewsletterContent> _byHash = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    /// <summary>
    /// The content that <paramref name="reference"/> stands for. Its hash is the key, so what is kept cannot be outdated.
    /// </summary>
    public async Task<NewsletterContent> GetAsync(PayloadReference reference, IPayloadStore payloads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(payloads);
        if (_byHash.TryGetValue(reference.Sha256, out NewsletterContent? content))
        {
            return content;
        }

        await using Stream stream = await payloads.OpenReadAsync(reference, cancellationToken);
        content = (await JsonSerializer.DeserializeAsync<NewsletterContent>(stream, JsonSerializerOptions.Web, cancellationToken))!;
        if (_byHash.TryAdd(reference.Sha256, content))
        {
            _order.Enqueue(reference.Sha256);
            while (_order.Count > Capacity && _order.TryDequeue(out string? oldest))
            {
                _byHash.TryRemove(oldest, out _);
            }
        }

        return content;
    }
}
