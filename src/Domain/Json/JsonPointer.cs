using System.Globalization;
using System.Text.Json;

namespace Chard.Domain.Json;

/// <summary>JSON Pointers (RFC 6901): <c>/rows/0/name</c>, with <c>~1</c> for '/' and <c>~0</c> for '~'.</summary>
public static class JsonPointer
{
    /// <summary>One token of a pointer, escaped.</summary>
    public static string Escape(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }

    /// <summary>The value that <paramref name="pointer"/> names in <paramref name="root"/>. The empty pointer names the root.</summary>
    public static bool TryEvaluate(JsonElement root, string pointer, out JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        value = root;
        if (pointer.Length == 0)
        {
            return true;
        }

        foreach (string escaped in pointer[1..].Split('/'))
        {
            string token = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            switch (value.ValueKind)
            {
                case JsonValueKind.Object when value.TryGetProperty(token, out JsonElement member):
                    value = member;
                    break;
                case JsonValueKind.Array when TryIndex(token, out int index) && index < value.GetArrayLength():
                    value = value[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool TryIndex(string token, out int index)
    {
        // RFC 6901: no sign, no leading zero.
        index = 0;
        return (token is "0" || (token.Length > 0 && token[0] is >= '1' and <= '9'))
            && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
