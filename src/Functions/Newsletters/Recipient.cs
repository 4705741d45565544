using System.Diagnostics.CodeAnalysis;
using System.Net.Mail;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chard.Functions.Newsletters;

/// <summary>Whom a message goes to. In JSON an object, or the text of a mailbox: <c>"Ada &lt;ada@example.com&gt;"</c>.</summary>
/// <param name="Address">The address alone.</param>
/// <param name="Name">The person's name; null if unknown.</param>
/// <param name="Fields">Further values for the template's placeholders.</param>
[JsonConverter(typeof(RecipientConverter))]
public sealed record Recipient(string Address, string? Name = null, IReadOnlyDictionary<string, string>? Fields = null)
{
    /// <summary>Largest recipient, in bytes of its JSON.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Reads one line of a recipients' file: JSON if it begins with a brace, else a mailbox.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out Recipient? recipient)
    {
        ArgumentNullException.ThrowIfNull(line);
        recipient = null;
        try
        {
            recipient = line.TrimStart().StartsWith('{')
                ? JsonSerializer.Deserialize<Recipient>(line, JsonSerializerOptions.Web)
                : FromMailbox(line);
        }
        catch (JsonException)
        {
            return false;
        }

        return recipient is not null;
    }

    /// <summary>
    /// A mailbox as people write it. What cannot be read becomes the address as it stands, for the check of addresses to refuse.
    /// </summary>
    internal static Recipient FromMailbox(string text) =>
        MailAddress.TryCreate(text, out MailAddress? mailbox)
            ? new(mailbox.Address, mailbox.DisplayName.Length == 0 ? null : mailbox.DisplayName)
            : new(text.Trim());
}

/// <summary>Reads a recipient from an object or from the text of a mailbox; writes the object.</summary>
public sealed class RecipientConverter : JsonConverter<Recipient>
{
    /// <inheritdoc/>
    public override Recipient Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Recipient.FromMailbox(reader.GetString()!);
        }

        Shape? shape;
        try
        {
            shape = JsonSerializer.Deserialize<Shape>(ref reader, options);
        }
        catch (JsonException e)
        {
            // The inner reader's path begins at the recipient; without one the outer reader adds its own.
            throw new JsonException("A recipient is the text of a mailbox, or an object with address, name and fields.", e);
        }

        return new(shape?.Address ?? throw new JsonException("A recipient has an address."), shape.Name, shape.Fields);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Recipient value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, new Shape(value.Address, value.Name, value.Fields), options);
    }

    private sealed record Shape(
        string? Address = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Fields = null);
}
