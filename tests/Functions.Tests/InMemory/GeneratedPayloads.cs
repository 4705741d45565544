using System.Globalization;
using System.Text;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Tests.InMemory;

/// <summary>
/// One stored array of numbers, as long as a test likes, which is made while it is read, so that what is held of it is held by the reader.
/// </summary>
/// <param name="count">How many numbers.</param>
public sealed class GeneratedPayloads(long count) : IPayloadStore
{
    /// <summary>Bytes of an item with its comma.</summary>
    public const int ItemBytes = 8;

    private int _open;

    /// <summary>The array.</summary>
    public PayloadReference Reference { get; } = new("wf/generated", "", (count * ItemBytes) + 1);

    /// <summary>How many bytes the present reader has taken.</summary>
    public long BytesRead { get; private set; }

    /// <summary>How often the array was opened.</summary>
    public int Opened { get; private set; }

    /// <summary>How many readers are at it.</summary>
    public int Open => _open;

    /// <summary>What is put in place of an item; null for nothing.</summary>
    public (long Index, string Text)? Odd { get; init; }

    /// <summary>Thrown at the end, where a store tells that a payload is not what was written.</summary>
    public Exception? AtEnd { get; init; }

    /// <summary>Called before each read.</summary>
    public Action OnRead { get; set; } = () => { };

    /// <summary>The number at a place.</summary>
    public static decimal Number(long index) => 1_000_000 + (index % 9_000_000);

    public Task<PayloadReference> WriteAsync(
        string workflowId, string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing here is large enough to be stored.");

    public Task<PayloadReference?> FindAsync(string workflowId, string name, CancellationToken cancellationToken) =>
        Task.FromResult(Reference.Blob == $"{workflowId}/{name}" ? Reference : null);

    public Task<Stream> OpenReadAsync(PayloadReference reference, CancellationToken cancellationToken)
    {
        BytesRead = 0;
        Opened++;
        Interlocked.Increment(ref _open);
        return Task.FromResult<Stream>(new Generated(this, count));
    }

    public Task<int> DeleteAllAsync(string owner, int most, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing here is stored, so nothing is deleted.");

    public Task DeleteAsync(string workflowId, string folder, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing here is stored, so nothing is deleted.");

    private sealed class Generated(GeneratedPayloads owner, long count) : Stream
    {
        private const int Most = 1000;

        private byte[] _rest = [];
        private int _from;
        private long _next;
        private bool _disposed;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => owner.Reference.Bytes;

        public override long Position { get => owner.BytesRead; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            owner.OnRead();
            if (_from == _rest.Length && !Refill())
            {
                return owner.AtEnd is { } error ? throw error : 0;
            }

            int length = Math.Min(buffer.Length, _rest.Length - _from);
            _rest.AsSpan(_from, length).CopyTo(buffer);
            _from += length;
            owner.BytesRead += length;
            return length;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(Read(buffer.Span));
        }

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (!_disposed)
            {
                _disposed = true;
                Interlocked.Decrement(ref owner._open);
            }

            base.Dispose(disposing);
        }

        private bool Refill()
        {
            if (_next > count)
            {
                return false;
            }

            var text = new StringBuilder(_next == 0 ? "[" : "");
            for (int i = 0; i < Most && _next < count; i++, _next++)
            {
                text.Append(owner.Odd is { } odd && odd.Index == _next ? odd.Text : Number(_next).ToString(CultureInfo.InvariantCulture));
                text.Append(_next == count - 1 ? "" : ",");
            }

            if (_next == count)
            {
                text.Append(']');
                _next++;
            }

            (_rest, _from) = (Encoding.UTF8.GetBytes(text.ToString()), 0);
            return true;
        }
    }
}

/// <summary>Gives how far, in bytes, a store was read ahead of the items at most.</summary>
public sealed class ReadAhead(GeneratedPayloads payloads) : IStreamTask<decimal, long>
{
    public async Task<long> RunAsync(IAsyncEnumerable<decimal> items, TaskContext context, CancellationToken cancellationToken)
    {
        long most = 0;
        long taken = 0;
        await foreach (decimal item in items.WithCancellation(cancellationToken))
        {
            Assert.Equal(GeneratedPayloads.Number(taken), item);
            taken += 1;
            most = Math.Max(most, payloads.BytesRead - (taken * GeneratedPayloads.ItemBytes));
        }

        return most;
    }
}
