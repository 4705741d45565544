using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Bench.Plain;

/// <summary>Starts orchestrations and times them.</summary>
public static class MeasureApi
{
    /// <summary>
    /// <c>POST /api/measure/{shape}?input=N&amp;count=N</c>: starts <c>count</c> instances at once and answers
    /// <c>{"seconds":…}</c> when all have completed: from now until the last of them ended, as the engine tells it, since a client looks
    /// only now and then.
    /// </summary>
    [Function(nameof(Measure))]
    public static async Task<IResult> Measure(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "measure/{shape}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string shape,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        int input = int.Parse(request.Query["input"].ToString(), CultureInfo.InvariantCulture);
        int count = int.TryParse(request.Query["count"], out int given) ? given : 1;
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        DateTimeOffset[] ends = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => EndAsync(client, shape, input, cancellationToken)));
        return Results.Ok(new { seconds = (ends.Max() - since).TotalSeconds });
    }

    private static async Task<DateTimeOffset> EndAsync(
        DurableTaskClient client, string shape, int input, CancellationToken cancellationToken)
    {
        string id = await client.ScheduleNewOrchestrationInstanceAsync(shape, input, cancellationToken);
        OrchestrationMetadata ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
        return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
            ? ended.LastUpdatedAt
            : throw new InvalidOperationException($"{shape} {id} ended as {ended.RuntimeStatus}: {ended.FailureDetails}");
    }
}
