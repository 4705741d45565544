using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Canvases;

/// <summary>Replaces references into values that are too large for an orchestrator. Safe to run twice.</summary>
public sealed class ResolveReferences(TaskValueStore values)
{
    /// <summary>The activity: the arguments with every reference replaced, stored if they are large.</summary>
    /// <exception cref="PermanentTaskException">
    /// <c>reference-missing</c>: a pointer leads nowhere; <c>payload-missing</c>, <c>payload-altered</c>.
    /// </exception>
    [Function(nameof(ResolveReferences))]
    public async Task<TaskValue> RunAsync([ActivityTrigger] ReferencesToResolve work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        JsonElement resolved;
        try
        {
            JsonElement template = (await LoadAsync(work.Template, cancellationToken))!.Value;
            resolved = References.Resolve(
                template,
                Needs(template, References.Root.Prev) ? await LoadAsync(work.Prev, cancellationToken) : null,
                await LoadAsync(work.Item, cancellationToken),
                Needs(template, References.Root.Input) ? await LoadAsync(work.Input, cancellationToken) : null);
        }
        catch (PermanentTaskException e) when (!e.Message.StartsWith(e.Code + ": ", StringComparison.Ordinal))
        {
            throw new PermanentTaskException(e.Code, $"{e.Code}: {e.Message}", e);
        }

        return await values.CheckInAsync(
            work.WorkflowId, "values/" + work.Path, JsonSerializer.SerializeToUtf8Bytes(resolved), cancellationToken);
    }

    private static bool Needs(JsonElement template, References.Root root) => References.In(template).Any(r => r.Root == root);

    private async Task<JsonElement?> LoadAsync(TaskValue? value, CancellationToken cancellationToken) =>
        value is null ? null : JsonElement.Parse((await values.CheckOutAsync(value, cancellationToken)).Span);
}

/// <summary>Work for <see cref="ResolveReferences"/>.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Path">Position of the node.</param>
/// <param name="Template">Its arguments as written.</param>
/// <param name="Prev">What came before.</param>
/// <param name="Item">The item of a map.</param>
/// <param name="Input">The workflow's input.</param>
public sealed record ReferencesToResolve(
    string WorkflowId, string Path, TaskValue Template, TaskValue? Prev, TaskValue? Item, TaskValue? Input);
