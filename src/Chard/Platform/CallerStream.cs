using Microsoft.AspNetCore.Http;

namespace Chard.Platform;

/// <summary>
/// The body of a request, which tells a caller that has broken off by an exception of its own: the server throws
/// what a canceled call of storage or a broken connection to anything else throws as well, and may do so before it
/// says that the request is aborted.
/// </summary>
internal sealed class CallerStream(Stream body) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            // Without the token: the server cannot drain a body after a read that was given up, and ends the
            // read itself when the caller goes.
            cancellationToken.ThrowIfCancellationRequested();
            return await body.ReadAsync(buffer, CancellationToken.None);
        }
        catch (Exception e) when (e is (OperationCanceledException or IOException) and not BadHttpRequestException)
        {
            throw new CallerGoneException(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The server reads asynchronously only.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>The caller has gone before its request was whole.</summary>
public sealed class CallerGoneException(Exception inner) : Exception("The caller has gone before its request was whole.", inner);
