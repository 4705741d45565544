using System.Buffers;

namespace Chard.Functions.Imports;

/// <summary>A chunk in a borrowed buffer: chunks are large, and there is one after the other of them.</summary>
internal sealed class StoredChunk(byte[] buffer, int start, int end, long firstLine) : IDisposable
{
    /// <summary>Its records, in UTF-8. Not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Content => buffer.AsMemory(start..end);

    /// <summary>The line of the file that its first line is.</summary>
    public long FirstLine { get; } = firstLine;

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
