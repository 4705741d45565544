namespace Chard.Emulator.DurableTask;

/// <summary>
/// External events of one execution. Names ignore case; events without a waiter are kept, first in first out;
/// waiters are a stack, the newest is served first, and a cancelled one stays there and swallows the next event.
/// </summary>
internal sealed class EventInbox(PayloadCodec codec)
{
    private readonly Dictionary<string, Channel> channels = new(StringComparer.OrdinalIgnoreCase);

    private interface IWaiter
    {
        Type Type { get; }

        void Deliver(byte[]? payload);
    }

    /// <summary>Waiters that an event could still wake.</summary>
    public int OpenWaiters { get; private set; }

    public Task<T> Wait<T>(string name, OrchestrationRun run, CancellationToken cancellation)
    {
        if (!channels.TryGetValue(name, out var channel))
        {
            channels[name] = channel = new Channel();
        }

        if (channel.Buffered.TryDequeue(out var buffered))
        {
            return Task.FromResult(Read<T>(buffered.Payload));
        }

        // All on the stack are of one type, cancelled ones among them.
        if (channel.Waiters.TryPeek(out var other) && other.Type != typeof(T))
        {
            throw new ArgumentException($"Event '{name}' is already waited for as {other.Type}; it cannot be waited for as {typeof(T)} at the same time.");
        }

        var waiter = new Waiter<T>(this);
        channel.Waiters.Push(waiter);
        OpenWaiters++;
        if (cancellation.CanBeCanceled)
        {
            waiter.Registration = cancellation.Register(() => run.OnOrchestratorThread(() => waiter.Cancel(cancellation)));
        }

        return waiter.Task;
    }

    public void Deliver(HistoryEvent raised)
    {
        if (!channels.TryGetValue(raised.Name!, out var channel))
        {
            channels[raised.Name!] = channel = new Channel();
        }

        if (channel.Waiters.TryPop(out var waiter))
        {
            waiter.Deliver(raised.Payload);
        }
        else
        {
            channel.Buffered.Enqueue(raised);
        }
    }

    /// <summary>Events that nobody took, in order of arrival.</summary>
    public List<HistoryEvent> Untaken() => [.. channels.Values.SelectMany(static channel => channel.Buffered).OrderBy(static item => item.Sequence)];

    private T Read<T>(byte[]? payload)
    {
        if (payload is null && default(T) is not null)
        {
#pragma warning disable CA2201 // The type that instances fail with in the real engine.
            throw new NullReferenceException($"The event has no payload, and {typeof(T)} has no null.");
#pragma warning restore CA2201
        }

        return codec.Deserialize<T>(payload)!;
    }

    private sealed class Channel
    {
        public Queue<HistoryEvent> Buffered { get; } = new();

        public Stack<IWaiter> Waiters { get; } = new();
    }

    private sealed class Waiter<T>(EventInbox inbox) : TaskCompletionSource<T>, IWaiter
    {
        public CancellationTokenRegistration Registration { get; set; }

        public Type Type => typeof(T);

        public void Deliver(byte[]? payload)
        {
            Registration.Dispose();
            if (!Task.IsCompleted)
            {
                // What cannot be read fails the whole instance, as in the real engine; so it is thrown, not given to the waiter.
                var value = inbox.Read<T>(payload);
                inbox.OpenWaiters--;
                TrySetResult(value);
            }
        }

        public void Cancel(CancellationToken cancellation)
        {
            if (!Task.IsCompleted)
            {
                inbox.OpenWaiters--;
                TrySetCanceled(cancellation);
            }
        }
    }
}
