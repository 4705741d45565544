namespace Chard.Functions.Tests.Imports;

/// <summary>Gives its bytes in pieces of changing, odd sizes.</summary>
internal sealed class TricklingStream(byte[] content) : MemoryStream(content, writable: false)
{
    private static readonly int[] Sizes = [1, 7, 4093, 65537, 131];
    private int reads;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, NextSize())]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, NextSize()));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    private int NextSize() => Sizes[reads++ % Sizes.Length];
}
