using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure.Storage.Queues.Models;

namespace Chard.Emulator.Functions.Queues;

/// <summary>Message bodies as the Functions host writes and reads them: Base64 unless host.json says otherwise.</summary>
internal static class QueueBody
{
    public static string Encode(ReadOnlyMemory<byte> body, bool base64) =>
        base64 ? Convert.ToBase64String(body.Span) : Encoding.UTF8.GetString(body.Span);

    /// <summary>The message with its body decoded; false when the body is not Base64.</summary>
    public static bool TryDecode(QueueMessage raw, bool base64, [NotNullWhen(true)] out QueueMessage? message)
    {
        message = raw;
        if (!base64)
        {
            return true;
        }

        var text = raw.Body.ToMemory().Span;
        if (!Base64.IsValid(text, out var length))
        {
            message = null;
            return false;
        }

        var body = new byte[length];
        Base64.DecodeFromUtf8(text, body, out _, out var written);
        message = QueuesModelFactory.QueueMessage(
            raw.MessageId,
            raw.PopReceipt,
            new BinaryData(body.AsMemory(0, written)),
            raw.DequeueCount,
            raw.NextVisibleOn,
            raw.InsertedOn,
            raw.ExpiresOn);
        return true;
    }
}
