using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.DurableTask.Sqlite;

namespace Chard.Testing;

/// <summary>
/// Storage on the way of a clock that skips: no time passes while a call of the app is under way, or a message waits that no listener has
/// seen yet.
/// </summary>
internal sealed class SkippedStorage(SkippingClock clock, StorageAccount account, IEnumerable<string> queueNames) : IClockParticipant
{
    private readonly QueueClient[] queues = [.. queueNames.Select(name => new QueueClient(account.Aside, name))];
    private int looked = -1;

    public DateTimeOffset? NextDue => null;

    public async ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        if (account.App.UnderWay > 0)
        {
            // It ends by itself, however long that takes.
            clock.Poke();
            return false;
        }

        // Nothing can have come where nothing was sent.
        var sent = account.Messages;
        if (sent == looked)
        {
            return true;
        }

        foreach (var queue in queues)
        {
            try
            {
                if ((await queue.PeekMessageAsync(cancellationToken)).Value is not null)
                {
                    return false;
                }
            }
            catch (RequestFailedException error) when (error.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                // Nobody has sent anything yet.
            }
        }

        looked = sent;
        return true;
    }
}
