using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Canvases;

/// <summary>Writes the array of a group's results into a payload. Safe to run twice.</summary>
public sealed class AssembleResults(IPayloadStore payloads)
{
    /// <summary>The activity.</summary>
    /// <exception cref="Chard.Domain.Failures.PermanentTaskException"><c>payload-missing</c> or <c>payload-altered</c>.</exception>
    [Function(nameof(AssembleResults))]
    public async Task<TaskValue> RunAsync([ActivityTrigger] ResultsToAssemble work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return TaskValue.Of(await payloads.WriteAsync(
            work.WorkflowId,
            "groups/" + work.Path,
            (stream, token) => ResultArrays.WriteAsync(payloads, stream, work.Parts, work.AreArrays, token),
            cancellationToken));
    }
}

/// <summary>Work for <see cref="AssembleResults"/>.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Path">Position of the group.</param>
/// <param name="AreArrays">True if the parts are arrays whose members are to be joined.</param>
/// <param name="Parts">The parts, in order.</param>
public sealed record ResultsToAssemble(string WorkflowId, string Path, bool AreArrays, IReadOnlyList<TaskValue> Parts);
