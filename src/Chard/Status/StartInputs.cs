using System.Security.Cryptography;
using System.Text.Json;
using Chard.Domain.Payloads;

namespace Chard.Status;

/// <summary>Keeps the inputs of orchestrators: small ones in the row of the start, large ones as payloads.</summary>
public sealed class StartInputs(IPayloadStore payloads)
{
    /// <summary>The start as its row keeps it.</summary>
    /// <param name="id">The workflow's id.</param>
    /// <param name="start">The start, without an input.</param>
    /// <param name="utf8">The input, JSON.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<WorkflowStart> KeepAsync(string id, WorkflowStart start, byte[] utf8, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(utf8);
        if (utf8.Length <= WorkflowStart.MaxInlineBytes)
        {
            return start with { Input = JsonElement.Parse(utf8) };
        }

        // Named after its bytes: a repeated start may have another input, and must not replace the first one's.
        return start with
        {
            InputReference = await payloads.WriteAsync(
                id, $"start/{Convert.ToHexStringLower(SHA256.HashData(utf8))}", utf8,
                cancellationToken),
        };
    }

    /// <summary>The input of a start; null if it has none.</summary>
    /// <exception cref="Domain.Failures.PermanentTaskException"><c>payload-missing</c> or <c>payload-altered</c>.</exception>
    public async Task<JsonElement?> ReadAsync(WorkflowStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.InputReference is not { } reference)
        {
            return start.Input;
        }

        await using Stream stream = await payloads.OpenReadAsync(reference, cancellationToken);
        return await JsonSerializer.DeserializeAsync<JsonElement>(stream, cancellationToken: cancellationToken);
    }
}
