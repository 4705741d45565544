using System.Buffers;

namespace Chard.Functions.Imports;

/// <summary>A chunk in a borrowed buffer: chunks are large, and there is one after the other of them.</summary>
public sealed class StoredChunk : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _length;

    internal StoredChunk(byte[] buffer, int length, long firstLine)
    {
        _buffer = buffer;
        _length = length;
        FirstLine = firstLine;
    }

    /// <summary>Its records, in UTF-8. Not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, _length);

    /// <summary>The line of the file that its first line is.</summary>
    public long FirstLine { get; }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
