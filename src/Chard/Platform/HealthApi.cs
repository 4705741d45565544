using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Platform;

/// <summary>Tells whether work can be taken.</summary>
public sealed class HealthApi(HealthCheck check)
{
    /// <summary>
    /// <c>GET /api/health</c>: 200 <c>{"status":"healthy"}</c> once starts are taken and storage answers, else 503. It says no
    /// more, for everybody may ask.
    /// </summary>
    [Function("Health")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await check.IsHealthyAsync(client).WaitAsync(cancellationToken)
            ? Results.Ok(new { status = "healthy" })
            : Problems.Problem(
                StatusCodes.Status503ServiceUnavailable, "unhealthy", "Work cannot be taken now.",
                "Something does not answer; the app's log says what.");
    }
}
