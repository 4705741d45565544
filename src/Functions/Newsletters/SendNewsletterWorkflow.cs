using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Newsletters;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Payloads;
using Chard.Functions.Workflows;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Lets <c>SendNewsletter</c> be started by name:
/// <c>{"workflow":"SendNewsletter","args":{"from":"news@example.com","subject":"Hi","text":"Hello","recipients":["ada@example.com"]}}</c>.
/// </summary>
public sealed class SendNewsletterWorkflow(TaskCatalogue tasks, TaskValueStore values, IOptions<NewsletterOptions> options)
    : IWorkflowDefinition
{
    /// <inheritdoc/>
    public string Name => nameof(SendNewsletterOrchestrator.SendNewsletter);

    /// <inheritdoc/>
    public IReadOnlyList<JsonFault> Validate(JsonElement args) =>
        ArgsDocument.Validate<SendNewsletterArgs>(args, SendNewsletterRules.Check);

    /// <inheritdoc/>
    public async ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(args.Deserialize<SendNewsletterArgs>(TaskJson.Options), TaskJson.Options);
        var input = new SendNewsletterInput(
            await values.CheckInAsync(start.Id, "args", json, cancellationToken), options.Value.MessagesPerSecond);
        return new WorkflowInput<SendNewsletterInput>(
            start.Id, input, tasks.PoliciesOf(nameof(PrepareNewsletter), nameof(ReadRecipients), nameof(SendMessage)), start.Stamps);
    }
}
