using System.ComponentModel;
using Chard.Domain.Tasks;

namespace Chard.Domain.SmallTasks;

/// <summary>Adds numbers. Decimal, so that 0.1 and 0.2 give 0.3; a sum beyond 28 digits fails for good.</summary>
[Description("Adds numbers.")]
[TaskPolicy(Pure = true)]
public sealed class Sum : ITask<decimal[], decimal>
{
    /// <inheritdoc/>
    public Task<decimal> RunAsync(decimal[] args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(args.Sum());
}
