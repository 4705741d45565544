using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Payments;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Workflows;

namespace Chard.Functions.Payments;

/// <summary>
/// Lets <c>ChargeOrder</c> be started by name:
/// <c>{"workflow":"ChargeOrder","args":{"order":"A-17","amount":"12.50","currency":"EUR","card":"tok_visa"}}</c>.
/// </summary>
public sealed class ChargeOrderWorkflow(TaskCatalogue tasks) : IWorkflowDefinition
{
    /// <inheritdoc/>
    public string Name => nameof(ChargeOrderOrchestrator.ChargeOrder);

    /// <inheritdoc/>
    public IReadOnlyList<JsonFault> Validate(JsonElement args) =>
        ArgsDocument.Validate<ChargeOrderArgs>(args, ChargeOrderRules.Check);

    /// <inheritdoc/>
    public ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        return ValueTask.FromResult<object>(new WorkflowInput<ChargeOrderArgs>(
            start.Id, args.Deserialize<ChargeOrderArgs>(TaskJson.Options)!, tasks.PoliciesOf(nameof(ChargeCard)), start.Stamps));
    }
}
