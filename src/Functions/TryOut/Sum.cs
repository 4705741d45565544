using System.ComponentModel;
using Chard.Domain.Tasks;

namespace Chard.Functions.TryOut;

/// <summary>Adds numbers, however many. Decimal, so that 0.1 and 0.2 give 0.3; a sum beyond 28 digits fails for good.</summary>
[Description("Adds numbers.")]
[TaskPolicy(Pure = true, Pack = 500)]
public sealed class Sum : IStreamTask<decimal, decimal>
{
    /// <inheritdoc/>
    public async Task<decimal> RunAsync(IAsyncEnumerable<decimal> items, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        decimal sum = 0;
        await foreach (decimal item in items.WithCancellation(cancellationToken))
        {
            sum += item;
        }

        return sum;
    }
}
