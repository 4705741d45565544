using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.BenchApp;

/// <summary>Starts orchestrations and times them as a client of the engine sees them.</summary>
public static class MeasureApi
{
    /// <summary>
    /// <c>POST /api/measure/{shape}?input=N&amp;count=N</c>: starts <c>count</c> instances at once and answers
    /// <c>{"seconds":…,"each":[…]}</c> when all have completed: all together, and each from its start to its end, in seconds.
    /// </summary>
    [Function(nameof(Measure))]
    public static async Task<IResult> Measure(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "measure/{shape}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string shape,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        int input = int.Parse(request.Query["input"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        int count = int.TryParse(request.Query["count"], out int given) ? given : 1;
        long since = Stopwatch.GetTimestamp();
        double[] each = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => TimeAsync(client, shape, input, cancellationToken)));
        return Results.Ok(new { seconds = Stopwatch.GetElapsedTime(since).TotalSeconds, each });
    }

    private static async Task<double> TimeAsync(DurableTaskClient client, string shape, int input, CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        string id = await client.ScheduleNewOrchestrationInstanceAsync(shape, input, cancellationToken);
        OrchestrationMetadata ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
        return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
            ? Stopwatch.GetElapsedTime(since).TotalSeconds
            : throw new InvalidOperationException($"{shape} {id} ended as {ended.RuntimeStatus}: {ended.FailureDetails}");
    }
}
