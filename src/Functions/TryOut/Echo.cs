using System.ComponentModel;
using System.Text.Json;
using Chard.Domain.Tasks;

namespace Chard.Functions.TryOut;

/// <summary>Returns its arguments as they are.</summary>
[Description("Returns its arguments as they are.")]
[TaskPolicy(Pure = true, Pack = 500)]
public sealed class Echo : ITask<JsonElement, JsonElement>
{
    /// <inheritdoc/>
    public Task<JsonElement> RunAsync(JsonElement args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(args);
}
