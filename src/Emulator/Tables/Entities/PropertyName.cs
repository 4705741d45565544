using System.Text.Json;

namespace Chard.Emulator.Tables.Entities;

/// <summary>A property's name as it is written: encoded once for a member of a type, as text for a key of a dictionary.</summary>
internal readonly ref struct PropertyName
{
    private readonly JsonEncodedText encoded;
    private readonly JsonEncodedText encodedType;
    private readonly ReadOnlySpan<char> text;
    private readonly bool isText;

    public PropertyName(JsonEncodedText name, JsonEncodedText typeName)
    {
        encoded = name;
        encodedType = typeName;
    }

    public PropertyName(string name)
    {
        text = name;
        isText = true;
    }

    public override string ToString() => isText ? text.ToString() : encoded.ToString();

    public void Write(Utf8JsonWriter writer)
    {
        if (isText)
        {
            writer.WritePropertyName(text);
        }
        else
        {
            writer.WritePropertyName(encoded);
        }
    }

    /// <summary>Writes the type's annotation and then the name.</summary>
    public void Write(Utf8JsonWriter writer, JsonEncodedText edmType)
    {
        if (isText)
        {
            // The service allows names of 255 characters; a longer one is for it to refuse.
            var length = text.Length + EntityProperties.TypeSuffix.Length;
            Span<char> typeName = length <= 288 ? stackalloc char[length] : new char[length];
            text.CopyTo(typeName);
            EntityProperties.TypeSuffix.CopyTo(typeName[text.Length..]);
            writer.WritePropertyName(typeName);
        }
        else
        {
            writer.WritePropertyName(encodedType);
        }

        writer.WriteStringValue(edmType);
        Write(writer);
    }
}
