using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Starts;

/// <summary>
/// A workflow that may be started by name. Registered with <c>services.AddWorkflow&lt;T&gt;()</c>; only
/// registered names can be started.
/// </summary>
public interface IWorkflowDefinition
{
    /// <summary>The workflow's name, which is its orchestrator function's name.</summary>
    string Name { get; }

    /// <summary>
    /// Every fault of <paramref name="args"/>, with pointers that start at the arguments themselves
    /// (<c>/table</c>); empty if they will do.
    /// </summary>
    IReadOnlyList<JsonFault> Validate(JsonElement args);

    /// <summary>
    /// The orchestrator's input: the arguments, and with them every policy value it will need, since an orchestrator never reads
    /// configuration. Called with arguments that <see cref="Validate"/> passed. What is too large to travel is stored first, as a payload.
    /// </summary>
    ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken);
}
