using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Payloads;
using Chard.Platform;
using Chard.Starts;

namespace Chard.DeadLetters;

/// <summary>Writes down queue messages that nothing can be made of, with their text and the reason.</summary>
public sealed class MessageDeadLetters(IDeadLetterStore store, IPayloadStore payloads, DeadLetterNews news, TimeProvider time)
    : IRefusedMessages
{
    /// <summary>Longest message kept in the row, in characters of JSON; a longer one goes to the payload store.</summary>
    private const int MaxInline = 32_000;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public Task AddAsync(QueueMessage message, string failureClass, string reason, CancellationToken cancellationToken) =>
        AddAsync(message, DeadLetterOrigin.StartMessage, failureClass, reason, cancellationToken);

    /// <summary>Adds a message as a dead letter, once however often it comes.</summary>
    public async Task AddAsync(
        QueueMessage message,
        DeadLetterOrigin origin,
        string failureClass,
        string reason,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        string id = DeadLetterId.OfMessage(message.MessageId);
        ReadOnlyMemory<byte> sent = QueueText.Decode(message);
        JsonElement body = StrictJson.TryParse(sent.Span, out JsonElement document, out _) && document.ValueKind == JsonValueKind.Object
            ? document
            : JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(sent.Span), Plain);

        PayloadReference? reference = null;
        if (body.GetRawText() is { Length: > MaxInline } text)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            reference = await payloads.WriteAsync(
                id, "message", utf8, cancellationToken);
        }

        var letter = new DeadLetter
        {
            Id = id,
            Origin = origin,
            Class = failureClass,
            Kind = FailureKind.Permanent,
            Message = reason,
            Attempts = (int)Math.Min(message.DequeueCount, int.MaxValue),
            Args = reference is null ? body : null,
            ArgsReference = reference,
            CreatedAt = time.GetUtcNow(),
        };
        if (await store.AddAsync(letter, cancellationToken))
        {
            news.Written(letter);
        }
    }
}
