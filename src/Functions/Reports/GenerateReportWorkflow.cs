using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Reports;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Workflows;

namespace Chard.Functions.Reports;

/// <summary>Lets <c>GenerateReport</c> be started by name: <c>{"workflow":"GenerateReport","args":{"table":"people"}}</c>.</summary>
public sealed class GenerateReportWorkflow(TaskCatalogue tasks) : IWorkflowDefinition
{
    /// <inheritdoc/>
    public string Name => nameof(GenerateReportOrchestrator.GenerateReport);

    /// <inheritdoc/>
    public IReadOnlyList<JsonFault> Validate(JsonElement args) =>
        ArgsDocument.Validate<GenerateReportArgs>(args, GenerateReportRules.Check);

    /// <inheritdoc/>
    public ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        return ValueTask.FromResult<object>(new WorkflowInput<GenerateReportArgs>(
            start.Id,
            args.Deserialize<GenerateReportArgs>(TaskJson.Options)!,
            tasks.PoliciesOf(nameof(PlanReport), nameof(GenerateSection), nameof(CombineReport)),
            start.Stamps));
    }
}
