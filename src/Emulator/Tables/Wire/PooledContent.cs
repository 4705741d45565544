using System.Buffers;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables;
using Chard.Emulator.Tables.Entities;

namespace Chard.Emulator.Tables.Wire;

/// <summary>A request's body in one rented buffer: written once, sent from where it was written, given back when the message is disposed.</summary>
internal sealed class PooledContent(int sizeHint) : RequestContent, IBufferWriter<byte>
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(sizeHint);
    private int length;

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    public static PooledContent Of(ITableEntity entity)
    {
        var content = new PooledContent(1024);
        using var writer = new Utf8JsonWriter(content, EntityProperties.WriterOptions);
        EntityMap.Write(writer, entity);
        return content;
    }

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return buffer.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return buffer.AsSpan(length);
    }

    public override Task WriteToAsync(Stream stream, CancellationToken cancellation) => stream.WriteAsync(Written, cancellation).AsTask();

    public override void WriteTo(Stream stream, CancellationToken cancellation) => stream.Write(Written.Span);

    public override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }

    public override void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            length = 0;
        }
    }

    private void Grow(int sizeHint)
    {
        var needed = length + Math.Max(sizeHint, 1);
        if (needed > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}
