using System.ComponentModel;
using System.Net.Http.Json;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Functions.Tests.Docs.RateLimitedApi;

// The C# of docs/how-to/rate-limited-api.md, word by word.
public sealed record Price(string Sku, decimal Amount);

[Description("Puts the price of a product into the shop.")]
[TaskPolicy(Limit = "shop-api", FirstDelaySeconds = 10, TimeLimitSeconds = 30)]
public sealed class PutPrice(HttpClient shop) : ITask<Price, bool>
{
    public async Task<bool> RunAsync(Price args, TaskContext context, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await shop.PutAsJsonAsync($"products/{args.Sku}/price", args, cancellationToken);
        await HttpFailures.EnsureSuccessAsync(answer, context.Time, cancellationToken);
        Throttled? body = await answer.Content.ReadFromJsonAsync<Throttled>(cancellationToken);
        return body?.RetryInSeconds is { } seconds
            ? throw new RateLimitedTaskException("shop-throttled", "The shop asks to come back later.", TimeSpan.FromSeconds(seconds))
            : true;
    }

    private sealed record Throttled(double? RetryInSeconds);
}
