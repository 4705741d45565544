using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Platform;

/// <summary>
/// Asks storage and engine whether they answer, at most every <see cref="Validity"/> however many callers ask: who may call without a key
/// must not be able to make requests of storage. What does not answer stands in the log.
/// </summary>
public sealed partial class HealthCheck(
    TableServiceClient tables,
    BlobServiceClient blobs,
    QueueServiceClient queues,
    StorageNames names,
    TimeProvider time,
    ILogger<HealthCheck> logger)
{
    /// <summary>How long an answer is given again: 10 s.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<bool>? _last;
    private long _asked;

    /// <summary>Whether all of it answers, or did within the last <see cref="Validity"/>.</summary>
    public Task<bool> IsHealthyAsync(DurableTaskClient client)
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_asked) >= Validity))
            {
                _asked = time.GetTimestamp();
                _last = AskAsync(client);
            }

            return _last;
        }
    }

    private async Task<bool> AskAsync(DurableTaskClient client)
    {
        using var deadline = new CancellationTokenSource(Patience);
        bool[] answers = await Task.WhenAll(
            AnswersAsync(
                "Table storage",
                token => tables.GetTableClient(names.WorkflowTable)
                    .GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: token)),
            AnswersAsync("Blob storage", token => blobs.GetBlobContainerClient(names.PayloadContainer).ExistsAsync(token)),
            AnswersAsync("Queue storage", token => queues.GetQueueClient(names.StartQueue).ExistsAsync(token)),
            AnswersAsync("The durable engine", token => client.GetInstanceAsync("health", token)));
        return answers.All(answer => answer);

        async Task<bool> AnswersAsync(string part, Func<CancellationToken, Task> ask)
        {
            try
            {
                await ask(deadline.Token);
                return true;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it is, it is the answer to the question; the callers are told that something is wrong, the log what.
                LogNoAnswer(logger, part, e);
                return false;
            }
        }
    }

    [LoggerMessage(EventId = 170, EventName = "Unhealthy", Level = LogLevel.Warning, Message = "Unhealthy: {Part} does not answer")]
    private static partial void LogNoAnswer(ILogger logger, string part, Exception exception);
}
