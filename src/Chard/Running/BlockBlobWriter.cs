using System.Globalization;
using System.Security.Cryptography;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Chard.Running;

/// <summary>
/// Writes a blob that appears whole or not at all: small ones with one request, larger ones as blocks that are committed at the end.
/// Until then the name keeps what it had. Holds one block in memory.
/// </summary>
internal sealed class BlockBlobWriter(BlockBlobClient blob, BlobHttpHeaders headers, CancellationToken cancellationToken) : Stream
{
    private const int BlockBytes = 4 * 1024 * 1024;
    private const int FirstBuffer = 64 * 1024;

    // Blocks of two writers of one name must not be taken for each other's; ids of a blob have one length.
    private readonly string _writer = RandomNumberGenerator.GetHexString(16);
    private readonly List<string> _blocks = [];
    private byte[] _buffer = new byte[FirstBuffer];
    private int _filled;

    /// <summary>Bytes of the blob, once it has appeared.</summary>
    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (_filled == BlockBytes)
            {
                await StageAsync(cancellationToken);
            }

            int taken = Math.Min(buffer.Length, BlockBytes - _filled);
            Room(_filled + taken);
            buffer.Span[..taken].CopyTo(_buffer.AsSpan(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        // A compressor's last bytes come by a synchronous write when it is closed: they fit, or the block goes out with the next one.
        Room(_filled + count);
        buffer.AsSpan(offset, count).CopyTo(_buffer.AsSpan(_filled));
        _filled += count;
    }

    /// <summary>Makes the blob appear, with what is told of it.</summary>
    public async Task CommitAsync(IDictionary<string, string> metadata)
    {
        if (_blocks.Count == 0)
        {
            using var whole = new MemoryStream(_buffer, 0, _filled, writable: false);
            await blob.UploadAsync(whole, new BlobUploadOptions { HttpHeaders = headers, Metadata = metadata }, cancellationToken);
            Written = _filled;
            return;
        }

        await StageAsync(cancellationToken);
        await blob.CommitBlockListAsync(
            _blocks, new CommitBlockListOptions { HttpHeaders = headers, Metadata = metadata }, cancellationToken);
    }

    public override void Flush()
    {
        // Blocks go out when they are full.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task StageAsync(CancellationToken token)
    {
        if (_filled == 0)
        {
            return;
        }

        string id = Convert.ToBase64String(
            System.Text.Encoding.ASCII.GetBytes(_writer + _blocks.Count.ToString("d8", CultureInfo.InvariantCulture)));
        using var block = new MemoryStream(_buffer, 0, _filled, writable: false);
        await blob.StageBlockAsync(id, block, cancellationToken: token);
        _blocks.Add(id);
        Written += _filled;
        _filled = 0;
    }

    private void Room(int bytes)
    {
        if (bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(bytes, Math.Min(BlockBytes, _buffer.Length * 4)));
        }
    }
}
