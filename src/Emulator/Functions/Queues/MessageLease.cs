using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Queues;

/// <summary>Keeps a message hidden while its function runs, by hiding it anew at half time.</summary>
internal sealed class MessageLease(QueueClient queue, QueueMessage message, TimeSpan hidden, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource done = new();
    private readonly CancellationTokenSource lost = new();
    private Task renewing = Task.CompletedTask;

    /// <summary>The receipt that the next operation on the message needs.</summary>
    public string PopReceipt { get; private set; } = message.PopReceipt;

    /// <summary>Fires when somebody else may have the message.</summary>
    public CancellationToken Lost => lost.Token;

    public void StartRenewing() => renewing = RenewAsync();

    public async Task StopRenewingAsync()
    {
        await done.CancelAsync();
        await renewing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopRenewingAsync();
        done.Dispose();
        lost.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(hidden / 2, TimeProvider.System, done.Token);
                UpdateReceipt update = await queue.UpdateMessageAsync(message.MessageId, PopReceipt, message.Body, hidden, done.Token);
                PopReceipt = update.PopReceipt;
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The function has ended.
        }
        catch (RequestFailedException error)
        {
            logger.LogWarning("Message {Id} of {Queue} could not be kept hidden: {Reason}", message.MessageId, queue.Name, error.Message);
            await lost.CancelAsync();
        }
    }
}
