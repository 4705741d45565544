using System.Text.Json;
using Chard.Domain.Payloads;

namespace Chard.Status;

/// <summary>
/// What is needed to schedule a workflow's orchestrator, kept until it has ended, so that a crash before the
/// scheduling can be made up for.
/// </summary>
/// <param name="RequestHash">Fingerprint of the start, SHA-256 in hex.</param>
/// <param name="Orchestrator">Name of the orchestrator function.</param>
/// <param name="ScheduledAt">When somebody last undertook to schedule it, UTC.</param>
/// <param name="Input">Its input if that is small; null if <paramref name="InputReference"/> has it.</param>
/// <param name="InputReference">Where a larger input lies.</param>
public sealed record WorkflowStart(
    string RequestHash,
    string Orchestrator,
    DateTimeOffset ScheduledAt,
    JsonElement? Input = null,
    PayloadReference? InputReference = null)
{
    /// <summary>Largest input kept in the row, in bytes of UTF-8: 32 KiB.</summary>
    public const int MaxInlineBytes = 32 * 1024;
}
