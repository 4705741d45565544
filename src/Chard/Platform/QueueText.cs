using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Azure.Storage.Queues.Models;
using Chard.Domain.Json;

namespace Chard.Platform;

/// <summary>
/// Texts of queue messages. People send them plainly or in Base64, so host.json hands every message over as it lies in the queue
/// (<c>messageEncoding</c> is <c>none</c>): with Base64 the host itself gives up on a plain one, and no function ever sees it.
/// </summary>
public static class QueueText
{
    /// <summary>Longest text of a message, in bytes of UTF-8: the platform's 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// What the sender meant: the text decoded if it is Base64 of UTF-8, else the text itself. No JSON object or array is Base64,
    /// so a document cannot be mistaken; Base64 of anything but UTF-8 stays Base64, which shows its bytes.
    /// </summary>
    /// <returns>UTF-8.</returns>
    public static ReadOnlyMemory<byte> Decode(QueueMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ReadOnlyMemory<byte> body = ByteOrderMark.Skip(message.Body.ToMemory());
        if (!Base64.IsValid(body.Span, out int length) || length == 0)
        {
            return body;
        }

        byte[] decoded = Convert.FromBase64String(Encoding.ASCII.GetString(body.Span));
        return Utf8.IsValid(decoded) ? decoded : body;
    }

    /// <summary>
    /// The text that carries <paramref name="utf8"/>: Base64, or plain where Base64 would be too long;
    /// null if that is too long as well.
    /// </summary>
    public static string? Encode(ReadOnlySpan<byte> utf8) =>
        Base64.GetMaxEncodedToUtf8Length(utf8.Length) <= MaxBytes ? Convert.ToBase64String(utf8)
        : utf8.Length <= MaxBytes ? Encoding.UTF8.GetString(utf8)
        : null;
}
