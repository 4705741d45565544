using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>A storage account's name and one of its keys, Base64. The key can be replaced while clients use the credential.</summary>
public class TableSharedKeyCredential
{
    private byte[] key;

    /// <exception cref="FormatException">The key is not Base64.</exception>
    public TableSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountName);
        AccountName = accountName;
        SetAccountKey(accountKey);
    }

    public string AccountName { get; }

    /// <summary>Replaces the key: for rotation without a restart.</summary>
    /// <exception cref="FormatException">The key is not Base64.</exception>
    public void SetAccountKey(string accountKey)
    {
        ArgumentNullException.ThrowIfNull(accountKey);
        Volatile.Write(ref key, Convert.FromBase64String(accountKey));
    }

    /// <summary>The HMAC-SHA256 of a text under the key, Base64.</summary>
    internal string Sign(string text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(Volatile.Read(ref key), rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)), hash);
            return Convert.ToBase64String(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
