using Chard.Domain.Limits;
using Chard.Domain.Tasks;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;

namespace Chard.Limits;

/// <summary>Tells which limits there are, and how full they are.</summary>
public sealed class LimitsApi(LimitCatalogue limits, TimeProvider time)
{
    /// <summary><c>GET /api/limits</c>: each limit with its numbers, what it holds, and what waits for it.</summary>
    [Function("ListLimits")]
    [Answers(200, 400)]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "limits")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        DateTimeOffset now = time.GetUtcNow();
        var documents = new List<LimitDocument>();
        foreach (LimitRule rule in limits.All)
        {
            EntityMetadata<LimiterState>? limiter = await client.Entities.GetEntityAsync<LimiterState>(
                Limiter.IdOf(rule.Key), cancellationToken);
            LimiterState state = limiter is { IncludesState: true } ? limiter.State : new();
            documents.Add(new(
                rule.Key, rule.Concurrency, rule.PerSecond, rule.PerSecond is null ? null : rule.Burst, state.Taken, state.WaitingAt(now)));
        }

        return Results.Json(new LimitListDocument(documents), TaskJson.Options);
    }
}

/// <summary>All limits.</summary>
/// <param name="Limits">In order of their keys.</param>
public sealed record LimitListDocument(IReadOnlyList<LimitDocument> Limits);

/// <summary>One limit.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Concurrency">Calls at work at once; null for any number.</param>
/// <param name="PerSecond">Calls that begin in a second; null for any number.</param>
/// <param name="Burst">Calls that may begin at once; null without a rate.</param>
/// <param name="Held">Permits that take a place.</param>
/// <param name="Waiting">Calls that wait for a permit or for their time.</param>
public sealed record LimitDocument(string Key, int? Concurrency, double? PerSecond, int? Burst, int Held, int Waiting);
