using System.ComponentModel;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Functions.TryOut;

/// <summary>Fails, always.</summary>
[Description("Fails, always.")]
[TaskPolicy(Pure = true, Pack = 500)]
public sealed class Fail : ITask<FailArgs, JsonElement?>
{
    /// <inheritdoc/>
    public Task<JsonElement?> RunAsync(FailArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        string message = args.Message ?? "Failed, as asked.";
        throw args.Kind == FailureKind.Permanent
            ? new PermanentTaskException("fail", message)
            : new TransientTaskException("fail", message);
    }
}

/// <summary>Arguments of <see cref="Fail"/>.</summary>
/// <param name="Kind">As what it fails: transient or permanent.</param>
/// <param name="Message">What it says.</param>
public sealed record FailArgs(
    [property: Description("As what it fails: transient or permanent.")] FailureKind Kind = FailureKind.Permanent,
    [property: Description("What it says.")] string? Message = null);
