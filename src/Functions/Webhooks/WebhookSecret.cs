using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Chard.Functions.Webhooks;

/// <summary>
/// Signs calls as Standard Webhooks 1.0 says: <c>v1,</c> and the base64 of HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>. While a
/// secret is being replaced there are several, and a call carries a signature of each.
/// </summary>
public sealed class WebhookSecret
{
    private const string Prefix = "whsec_";
    private readonly byte[][] _keys;

    private WebhookSecret(byte[][] keys) => _keys = keys;

    /// <summary>Reads <c>whsec_</c> and the base64 of 24 to 64 bytes; several stand apart by blanks, the newest first.</summary>
    /// <exception cref="FormatException">It is not of that form. The message does not repeat it.</exception>
    public static WebhookSecret Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[][] keys = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Key)];
        return keys.Length > 0 ? new(keys) : throw Malformed();
    }

    /// <summary>The value of header <c>webhook-signature</c>.</summary>
    public string Sign(string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        var signatures = new string[_keys.Length];
        for (int i = 0; i < _keys.Length; i++)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _keys[i]);
            hmac.AppendData(head);
            hmac.AppendData(body);
            signatures[i] = "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
        }

        return string.Join(' ', signatures);
    }

    private static byte[] Key(string text)
    {
        var key = new byte[text.Length];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], key, out int length)
            && length is >= 24 and <= 64
            ? key[..length]
            : throw Malformed();
    }

    private static FormatException Malformed() =>
        new("A webhook secret is whsec_ and the base64 of 24 to 64 random bytes; make one by: echo whsec_$(openssl rand -base64 32)");
}
