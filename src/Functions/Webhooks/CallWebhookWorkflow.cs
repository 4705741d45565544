using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Domain.Webhooks;
using Chard.Domain.Workflows;
using Chard.Functions.Payloads;
using Chard.Functions.Workflows;

namespace Chard.Functions.Webhooks;

/// <summary>
/// Lets <c>CallWebhook</c> be started by name:
/// <c>{"workflow":"CallWebhook","args":{"url":"https://example.com/hook","payload":{}}}</c>.
/// </summary>
public sealed class CallWebhookWorkflow(TaskCatalogue tasks, TaskValueStore values, TimeProvider time) : IWorkflowDefinition
{
    /// <inheritdoc/>
    public string Name => nameof(CallWebhookOrchestrator.CallWebhook);

    /// <inheritdoc/>
    public IReadOnlyList<JsonFault> Validate(JsonElement args) =>
        ArgsDocument.Validate<CallWebhookArgs>(args, CallWebhookRules.Check);

    /// <inheritdoc/>
    public async ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        CallWebhookArgs call = args.Deserialize<CallWebhookArgs>(TaskJson.Options)!;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(call with { OccurredAt = call.OccurredAt ?? time.GetUtcNow() }, TaskJson.Options);
        return new WorkflowInput<TaskValue>(
            start.Id, await values.CheckInAsync(start.Id, "args", json, cancellationToken), tasks.PoliciesOf(nameof(PostWebhook)),
            start.Stamps);
    }
}
