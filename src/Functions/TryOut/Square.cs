using System.ComponentModel;
using Chard.Domain.Tasks;

namespace Chard.Functions.TryOut;

/// <summary>Multiplies a number by itself. Decimal; a result beyond 28 digits fails for good.</summary>
[Description("Multiplies a number by itself.")]
[TaskPolicy(Pure = true, Pack = 500)]
public sealed class Square : ITask<decimal, decimal>
{
    /// <inheritdoc/>
    public Task<decimal> RunAsync(decimal args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(args * args);
}
