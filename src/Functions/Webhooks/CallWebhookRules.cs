using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chard.Domain.Json;

namespace Chard.Functions.Webhooks;

/// <summary>What can be sent, and how it looks on the wire.</summary>
public static partial class CallWebhookRules
{
    /// <summary>Most headers a call may add.</summary>
    public const int MaxHeaders = 20;

    /// <summary>Longest value of an added header, in characters.</summary>
    public const int MaxHeaderLength = 1000;

    /// <summary>
    /// Headers that the call sets itself, that steer the connection, or that would put a credential into stored arguments.
    /// </summary>
    private static readonly SearchValues<string> Reserved = SearchValues.Create(
        [
            "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect", "content-length", "content-type",
            "content-encoding", "accept-encoding", "authorization", "cookie", "user-agent",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Every fault of <paramref name="args"/> that needs no configuration to be seen; empty if they will do.</summary>
    public static IReadOnlyList<JsonFault> Check(CallWebhookArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var faults = new List<JsonFault>();
        if (string.IsNullOrEmpty(args.Url))
        {
            faults.Add(new("/url", "Give the URL to call, such as https://example.com/hook."));
        }

        if (args.Payload.ValueKind == JsonValueKind.Undefined)
        {
            faults.Add(new("/payload", "Give the payload: any JSON value, null included."));
        }

        if (args.Event is not null && !NamePattern().IsMatch(args.Event))
        {
            faults.Add(new("/event", "An event is 1 to 128 characters of A-Z, a-z, 0-9, '_', '.' and '-'."));
        }

        if (args.SecretName is not null && !NamePattern().IsMatch(args.SecretName))
        {
            faults.Add(
                new("/secretName", "A secret's name is 1 to 128 characters of A-Z, a-z, 0-9, '_', '.' and '-'. The secret "
                    + "itself belongs into configuration."));
        }

        if (args.Headers is { Count: > MaxHeaders })
        {
            faults.Add(new("/headers", $"A call adds at most {MaxHeaders} headers."));
        }

        foreach ((string name, string value) in args.Headers ?? new Dictionary<string, string>())
        {
            if (HeaderFault(name, value) is { } fault)
            {
                faults.Add(new("/headers/" + JsonPointer.Escape(name), fault));
            }
        }

        return faults;
    }

    /// <summary>
    /// The body's bytes: the payload as it is, or with an event <c>{"type","timestamp","data"}</c>.
    /// The same bytes at every attempt.
    /// </summary>
    public static byte[] Body(CallWebhookArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            if (args.Event is null)
            {
                args.Payload.WriteTo(writer);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteString("type"u8, args.Event);
                if (args.OccurredAt is { } at)
                {
                    writer.WriteString("timestamp"u8, at.UtcDateTime);
                }

                writer.WritePropertyName("data"u8);
                args.Payload.WriteTo(writer);
                writer.WriteEndObject();
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The webhook's id: the idempotency key, escaped where it has characters that an id must not have. A dot is one, since it
    /// separates the id from the rest of what is signed. Two keys never give one id.
    /// </summary>
    public static string Id(string idempotencyKey) =>
        Uri.EscapeDataString(idempotencyKey).Replace(".", "%2E", StringComparison.Ordinal);

    private static string? HeaderFault(string name, string? value) =>
        !TokenPattern().IsMatch(name) ? "A header's name is 1 to 64 characters of letters, digits and '-', '_'."
        : name.Contains("auth", StringComparison.OrdinalIgnoreCase) || name.StartsWith("proxy-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase) || Reserved.Contains(name)
            ? $"The header '{name}' cannot be given: the call sets it itself, or it carries a credential, which would be "
                + "stored with the arguments. The signature tells the receiver who calls."
        : value is null || value.Length > MaxHeaderLength || value.Any(c => c is < ' ' or > '~')
            ? $"A header's value is up to {MaxHeaderLength} printable ASCII characters, without line breaks."
        : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TokenPattern();
}
