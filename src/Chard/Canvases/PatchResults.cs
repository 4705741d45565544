using System.Text.Json;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Canvases;

/// <summary>Puts values into a chunk's array of results: what operators gave, and failures that are collected. Safe to run twice.</summary>
public sealed class PatchResults(TaskValueStore values)
{
    /// <summary>The activity.</summary>
    [Function(nameof(PatchResults))]
    public async Task<TaskValue> RunAsync([ActivityTrigger] ResultsToPatch work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        List<JsonElement> results = [.. (await LoadAsync(work.Results)).EnumerateArray()];
        foreach ((int index, TaskValue value) in work.Patches)
        {
            results[index] = await LoadAsync(value);
        }

        return await values.CheckInAsync(
            work.WorkflowId, "chunks/" + work.Path + "-patched", JsonSerializer.SerializeToUtf8Bytes(results), cancellationToken);

        async Task<JsonElement> LoadAsync(TaskValue value) =>
            JsonElement.Parse((await values.CheckOutAsync(value, cancellationToken)).Span);
    }
}

/// <summary>Work for <see cref="PatchResults"/>.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Path">Position of the chunk's first item.</param>
/// <param name="Results">The array.</param>
/// <param name="Patches">Values by index.</param>
public sealed record ResultsToPatch(string WorkflowId, string Path, TaskValue Results, IReadOnlyDictionary<int, TaskValue> Patches);
