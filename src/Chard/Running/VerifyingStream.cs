using System.Security.Cryptography;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;

namespace Chard.Running;

/// <summary>Reads a payload; whoever reaches the end has read what was written, else the read throws <c>payload-altered</c>.</summary>
internal sealed class VerifyingStream(Stream inner, IDisposable source, PayloadReference reference) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;
    private bool _verified;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => reference.Bytes;

    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Seen(buffer, inner.Read(buffer));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw Altered(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read = await inner.ReadAsync(buffer, cancellationToken);
            return Seen(buffer.Span, read);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw Altered(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            source.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Seen(ReadOnlySpan<byte> buffer, int read)
    {
        _bytes += read;
        if (read > 0)
        {
            _hash.AppendData(buffer[..read]);

            // More than was written can only be something else: no reader needs to take it all.
            return _bytes <= reference.Bytes ? read : throw Altered(null);
        }

        if (buffer.Length > 0 && !_verified)
        {
            _verified = true;
            if (_bytes != reference.Bytes || Convert.ToHexStringLower(_hash.GetHashAndReset()) != reference.Sha256)
            {
                throw Altered(null);
            }
        }

        return 0;
    }

    private PermanentTaskException Altered(Exception? inner) =>
        new("payload-altered", $"Payload '{reference.Blob}' is not what was written ({reference.Bytes} bytes, SHA-256 "
            + $"{reference.Sha256}). Somebody wrote over it; run the task that made it again.", inner);
}
