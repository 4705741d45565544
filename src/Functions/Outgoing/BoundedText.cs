using System.Text;

namespace Chard.Functions.Outgoing;

/// <summary>Reads bodies of other servers, whose size nobody promises.</summary>
public static class BoundedText
{
    /// <summary>Most that is read of an answer, in bytes, unpacked: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Up to <see cref="MaxBytes"/> of the body as UTF-8 text; what is no UTF-8 shows as replacement signs.</summary>
    public static async Task<(string Text, bool Truncated)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxBytes + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return (Encoding.UTF8.GetString(buffer, 0, Math.Min(length, MaxBytes)), length > MaxBytes);
    }
}
