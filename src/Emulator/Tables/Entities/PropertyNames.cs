using System.Text;
using System.Text.Json;

namespace Chard.Emulator.Tables.Entities;

/// <summary>
/// The property names of a response, each made a string once: a page of a thousand entities has a thousand times the same few names.
/// Annotations (<c>name@odata.type</c>) are known from names by their suffix.
/// </summary>
internal sealed class PropertyNames
{
    private readonly List<(byte[] Utf8, string Text, bool IsAnnotation)> known = [];
    private int next;

    /// <summary>The name at hand: of the property, or of the property that an annotation speaks of.</summary>
    public string Read(ref Utf8JsonReader reader, out bool isAnnotation)
    {
        for (var tried = 0; tried < known.Count; tried++)
        {
            var index = next + tried < known.Count ? next + tried : next + tried - known.Count;
            if (reader.ValueTextEquals(known[index].Utf8))
            {
                next = index + 1 == known.Count ? 0 : index + 1;
                isAnnotation = known[index].IsAnnotation;
                return known[index].Text;
            }
        }

        var name = reader.GetString();
        var utf8 = Encoding.UTF8.GetBytes(name);
        isAnnotation = name.EndsWith(EntityProperties.TypeSuffix, StringComparison.Ordinal);
        if (isAnnotation)
        {
            name = name[..^EntityProperties.TypeSuffix.Length];
        }

        known.Add((utf8, name, isAnnotation));
        next = 0;
        return name;
    }
}
