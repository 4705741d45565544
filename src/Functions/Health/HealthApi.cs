using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Chard.Functions.Http;
using Chard.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Health;

/// <summary>Tells whether work can be taken.</summary>
public sealed class HealthApi(TableServiceClient tables, BlobServiceClient blobs, QueueServiceClient queues, StorageNames names)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary><c>GET /api/health</c>: 200 <c>{"status":"healthy"}</c> once starts are taken and storage answers, else 503 with what does not answer.</summary>
    [Function("Health")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);

        string?[] faults = await Task.WhenAll(
            Probe("tables", token => tables.GetTableClient(names.WorkflowTable).GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: token), deadline.Token),
            Probe("blobs", token => blobs.GetBlobContainerClient(names.PayloadContainer).ExistsAsync(token), deadline.Token),
            Probe("queues", token => queues.GetQueueClient(names.StartQueue).ExistsAsync(token), deadline.Token),
            Probe("durable", token => client.GetInstanceAsync("health", token), deadline.Token));

        string[] broken = [.. faults.OfType<string>()];
        return broken.Length == 0
            ? Results.Ok(new { status = "healthy" })
            : Problems.Problem(StatusCodes.Status503ServiceUnavailable, "unhealthy", "Work cannot be taken now.", string.Join(" ", broken));
    }

    private static async Task<string?> Probe(string name, Func<CancellationToken, Task> probe, CancellationToken cancellationToken)
    {
        try
        {
            await probe(cancellationToken);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The answer itself says what is broken: a health check that throws would only say that something is.
            return $"{name}: {e.Message.Split('\n')[0]}";
        }
    }
}
