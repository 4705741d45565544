using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.Emulator.Functions.Settings;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Queues;

/// <summary>
/// Takes messages of one queue in batches and runs the function for each. A message is hidden for ten minutes, and hidden anew while its function
/// runs; it is deleted when the function succeeds, shown again when it fails, and moved to the poison queue when it has failed too often.
/// </summary>
/// <remarks>All waiting is in real time, whatever time the app's TimeProvider shows: the queue's clock is the storage service's.</remarks>
internal sealed class QueueListener(
    QueueClient queue,
    QueueClient? poison,
    QueueOptions options,
    Func<QueueMessage, CancellationToken, Task> run,
    ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan InFlight = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim changed = new(0);
    private readonly Lock gate = new();
    private readonly HashSet<Task> running = [];
    private TaskCompletionSource<bool>? looked;
    private Task loop = Task.CompletedTask;
    private int inFlight;
    private volatile bool abandoned;

    public void Start() => loop = LoopAsync();

    /// <summary>Looks at the queue now; true when a message was there or is being worked on.</summary>
    public Task<bool> LookNowAsync()
    {
        TaskCompletionSource<bool> answer;
        lock (gate)
        {
            answer = looked ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.Release();
        return answer.Task;
    }

    /// <summary>Takes no more messages and leaves those under way as they are, hidden until their time is over.</summary>
    public async Task AbandonAsync()
    {
        abandoned = true;
        await stopping.CancelAsync();
        await loop;
    }

    /// <summary>Takes no more messages and waits for those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        Task[] rest;
        lock (gate)
        {
            rest = [.. running];
        }

        await Task.WhenAll(rest);
        stopping.Dispose();
        changed.Dispose();
    }

    private async Task LoopAsync()
    {
        var pause = FirstPause;
        var isMissing = false;
        while (!stopping.IsCancellationRequested)
        {
            var asked = TakeQuestion();
            TimeSpan wait;
            try
            {
                if (isMissing)
                {
                    await queue.CreateIfNotExistsAsync(cancellationToken: stopping.Token);
                    isMissing = false;
                }

                var busy = Volatile.Read(ref inFlight);
                var taken = busy <= options.NewBatchThreshold ? await TakeBatchAsync() : 0;
                asked?.TrySetResult(taken > 0 || busy > 0);
                if (taken > 0)
                {
                    pause = FirstPause;
                    continue;
                }

                pause = Longer(pause);
                wait = busy > options.NewBatchThreshold ? Timeout.InfiniteTimeSpan : pause;
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                // Whatever keeps storage from answering, the listener outlives it.
                asked?.TrySetResult(false);
                isMissing = error is RequestFailedException { ErrorCode: var code } && code == QueueErrorCode.QueueNotFound;
                wait = pause = Longer(pause);
                logger.LogWarning("Queue {Queue} cannot be read, next try in {Pause} s: {Reason}", queue.Name, wait.TotalSeconds, error.Message);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                asked?.TrySetResult(false);
                break;
            }

            await ChangedAsync(wait);
        }

        TakeQuestion()?.TrySetResult(false);
    }

    /// <summary>Waits until a message has been worked off, somebody asks, the host stops, or the time is over.</summary>
    private async Task ChangedAsync(TimeSpan wait)
    {
        try
        {
            await changed.WaitAsync(wait, stopping.Token);
            // Many changes are one reason to look.
            while (changed.Wait(0, CancellationToken.None))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private TaskCompletionSource<bool>? TakeQuestion()
    {
        lock (gate)
        {
            var asked = looked;
            looked = null;
            return asked;
        }
    }

    private TimeSpan Longer(TimeSpan pause)
    {
        var next = pause * 1.5;
        return next < options.MaxPollingInterval ? next : options.MaxPollingInterval;
    }

    private async Task<int> TakeBatchAsync()
    {
        QueueMessage[] batch = await queue.ReceiveMessagesAsync(options.BatchSize, InFlight, stopping.Token);
        foreach (var message in batch)
        {
            Interlocked.Increment(ref inFlight);
            lock (gate)
            {
                running.RemoveWhere(task => task.IsCompleted);
                running.Add(ProcessAsync(message));
            }
        }

        return batch.Length;
    }

    private async Task ProcessAsync(QueueMessage raw)
    {
        // The loop goes on to the next message; a function that runs synchronously must not hold it.
        await Task.Yield();
        var lease = new MessageLease(queue, raw, InFlight, logger);
        try
        {
            if (!QueueBody.TryDecode(raw, options.IsBase64, out var message))
            {
                logger.LogError("Message {Id} of {Queue} is not Base64 (host.json: extensions.queues.messageEncoding)", raw.MessageId, queue.Name);
                await PoisonAsync(raw, lease);
                return;
            }

            if (raw.DequeueCount > options.MaxDequeueCount)
            {
                await PoisonAsync(raw, lease);
                return;
            }

            Exception? failure = null;
            lease.StartRenewing();
            try
            {
                await run(message, lease.Lost);
            }
            catch (Exception error)
            {
                // The boundary of an invocation: any exception is the function's failure and decides what becomes of the message.
                failure = error;
            }

            await lease.StopRenewingAsync();
            if (!abandoned)
            {
                await SettleAsync(raw, lease, failure);
            }
        }
        catch (Exception error)
        {
            // Whatever keeps storage from answering, the message is still there.
            logger.LogWarning("Message {Id} of {Queue} could not be settled and will show up again: {Reason}", raw.MessageId, queue.Name, error.Message);
        }
        finally
        {
            await lease.DisposeAsync();
            Interlocked.Decrement(ref inFlight);
            changed.Release();
        }
    }

    private async Task SettleAsync(QueueMessage raw, MessageLease lease, Exception? failure)
    {
        if (failure is null)
        {
            await queue.DeleteMessageAsync(raw.MessageId, lease.PopReceipt);
            return;
        }

        logger.LogError(failure, "Message {Id} of {Queue} failed, try {Try} of {Most}", raw.MessageId, queue.Name, raw.DequeueCount, options.MaxDequeueCount);
        if (raw.DequeueCount >= options.MaxDequeueCount)
        {
            await PoisonAsync(raw, lease);
        }
        else
        {
            await queue.UpdateMessageAsync(raw.MessageId, lease.PopReceipt, raw.Body, options.VisibilityTimeout);
            changed.Release();
        }
    }

    private async Task PoisonAsync(QueueMessage raw, MessageLease lease)
    {
        if (poison is null)
        {
            logger.LogWarning("Message {Id} of {Queue} fails and a poison queue has none of its own: it stays hidden for {Minutes} min", raw.MessageId, queue.Name, InFlight.TotalMinutes);
            return;
        }

        logger.LogWarning("Message {Id} of {Queue} goes to {Poison}", raw.MessageId, queue.Name, poison.Name);
        await poison.CreateIfNotExistsAsync();
        await poison.SendMessageAsync(raw.Body);
        await queue.DeleteMessageAsync(raw.MessageId, lease.PopReceipt);
    }
}
