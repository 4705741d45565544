using Azure.Storage.Queues;
using Chard.DurableTask.Sqlite;

namespace Chard.TestHost;

/// <summary>Queues whose messages start functions: while one waits there that a listener has not seen yet, time is not skipped.</summary>
internal sealed class SkippedQueues(StorageAccount account, IEnumerable<string> names) : IClockParticipant
{
    private readonly QueueClient[] queues = [.. names.Select(name => new QueueClient(account.Aside, name))];
    private int looked = -1;

    public DateTimeOffset? NextDue => null;

    public async ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        // Nothing can have come where nothing was sent.
        var sent = account.Messages;
        if (sent == looked)
        {
            return true;
        }

        foreach (var queue in queues)
        {
            if (await queue.ExistsAsync(cancellationToken) && (await queue.PeekMessageAsync(cancellationToken)).Value is not null)
            {
                return false;
            }
        }

        looked = sent;
        return true;
    }
}
