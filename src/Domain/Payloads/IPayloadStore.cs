using System.Text.Json;

namespace Chard.Domain.Payloads;

/// <summary>Keeps data that is too large to travel in messages and history. Payloads belong to a workflow and go with it.</summary>
public interface IPayloadStore
{
    /// <summary>
    /// Stores what <paramref name="write"/> writes, compressed, under a name made of the workflow and <paramref name="name"/>, so that a
    /// repeated write replaces its own.
    /// </summary>
    /// <param name="workflowId">The owner.</param>
    /// <param name="name">Name within the workflow: <c>A-Z a-z 0-9 . _ ~ -</c> and <c>/</c>, up to 200 characters.</param>
    /// <param name="write">Writes the data; nothing is held in memory whole.</param>
    /// <param name="cancellationToken">Cancels the call; nothing stays behind that a reference names.</param>
    Task<PayloadReference> WriteAsync(
        string workflowId,
        string name,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken);

    /// <summary>The data that was last written under a name, for who has no reference; null if there is none.</summary>
    /// <param name="workflowId">The owner.</param>
    /// <param name="name">As it was written.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<PayloadReference?> FindAsync(string workflowId, string name, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the data of <paramref name="reference"/>. Its SHA-256 is verified by the time the end is read: a reader that
    /// reaches the end has read what was written.
    /// </summary>
    /// <exception cref="Failures.PermanentTaskException">Code <c>payload-missing</c> at opening, or
    /// <c>payload-altered</c> at the end.</exception>
    Task<Stream> OpenReadAsync(PayloadReference reference, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes what a workflow has stored in a folder and no longer needs, before the workflow itself goes. Safe to run twice; what
    /// is written there meanwhile may stay.
    /// </summary>
    /// <param name="workflowId">The owner.</param>
    /// <param name="folder">What the names begin with, up to their last <c>/</c>: all of <c>parts</c> is <c>parts/…</c>.</param>
    /// <param name="cancellationToken">Cancels the call; what is deleted by then stays so.</param>
    Task DeleteAsync(string workflowId, string folder, CancellationToken cancellationToken);

    /// <summary>Deletes what an owner that is about to go has stored, up to a number. Safe to repeat.</summary>
    /// <param name="owner">The workflow, or the dead letter that never became one.</param>
    /// <param name="most">Most payloads to delete, 1 or more.</param>
    /// <param name="cancellationToken">Cancels the call; what is deleted by then stays so.</param>
    /// <returns>How many were deleted; fewer than <paramref name="most"/>: nothing is left.</returns>
    Task<int> DeleteAllAsync(string owner, int most, CancellationToken cancellationToken);
}

/// <summary>Stands for stored data: small, safe to pass around and to keep in history.</summary>
/// <param name="Blob">Name in the payload container.</param>
/// <param name="Sha256">Hash of the uncompressed data, lower-case hex.</param>
/// <param name="Bytes">Length of the uncompressed data.</param>
public sealed record PayloadReference(string Blob, string Sha256, long Bytes)
{
    private static readonly string[] Members = [nameof(Blob), nameof(Bytes), nameof(Sha256)];

    /// <summary>The reference that a result consists of, as an orchestrator gives it; null if it is anything else.</summary>
    public static PayloadReference? From(JsonElement? result)
    {
        if (result is not { ValueKind: JsonValueKind.Object } whole
            || !whole.EnumerateObject().Select(p => p.Name)
                .Order(StringComparer.OrdinalIgnoreCase).SequenceEqual(Members, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            return whole.Deserialize<PayloadReference>(JsonSerializerOptions.Web) is { Sha256.Length: 64 } reference ? reference : null;
        }
        catch (JsonException)
        {
            // Somebody's own members of these names.
            return null;
        }
    }
}
