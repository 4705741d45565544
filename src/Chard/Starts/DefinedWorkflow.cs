using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;

namespace Chard.Starts;

/// <summary>A workflow that an app has registered by its name, the record of its arguments and the tasks it may call.</summary>
/// <typeparam name="TArgs">The arguments, which are read strictly.</typeparam>
/// <param name="name">The workflow's name, which is its orchestrator function's name.</param>
/// <param name="tasks">Names of the tasks it may call: their policies travel with its input.</param>
/// <param name="check">Finds what is wrong with arguments of the right shape.</param>
/// <param name="input">Makes of the arguments what the orchestrator gets; null to hand them on as they are.</param>
/// <param name="catalogue">Policies of the tasks.</param>
internal sealed class DefinedWorkflow<TArgs>(
    string name,
    IReadOnlyList<string> tasks,
    Func<TArgs, IReadOnlyList<JsonFault>> check,
    WorkflowInputMaker<TArgs>? input,
    TaskCatalogue catalogue) : IWorkflowDefinition
    where TArgs : class
{
    // Told at start and not by the first workflow.
    private readonly IReadOnlyDictionary<string, TaskPolicy>? _policies = catalogue.PoliciesOf(tasks);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<JsonFault> Validate(JsonElement args) => ArgsDocument.Validate<TArgs>(args, check);

    /// <inheritdoc/>
    public async ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        TArgs read = args.Deserialize<TArgs>(TaskJson.Options)!;
        object made = input is null ? read : await input(start, read, cancellationToken);
        return new WorkflowInput<object>(start.Id, made, _policies, start.Stamps);
    }
}

/// <summary>
/// Makes what an orchestrator gets as its arguments: what is too large to travel is stored first, and what it would have to read from
/// settings is added, since an orchestrator never reads them.
/// </summary>
/// <typeparam name="TArgs">The arguments as the start gives them.</typeparam>
public delegate ValueTask<object> WorkflowInputMaker<in TArgs>(StartIdentity start, TArgs args, CancellationToken cancellationToken);
