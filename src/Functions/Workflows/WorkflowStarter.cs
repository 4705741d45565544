using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Functions.Workflows;

/// <inheritdoc cref="IWorkflowStarter"/>
public sealed partial class WorkflowStarter(
    WorkflowCatalogue catalogue,
    IWorkflowStatusStore store,
    TimeProvider time,
    ILogger<WorkflowStarter> logger) : IWorkflowStarter
{
    /// <summary>Longest owner, in characters.</summary>
    public const int MaxOwnerLength = 256;

    private static readonly JsonElement NoArgs = JsonElement.Parse("{}");

    /// <inheritdoc/>
    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <inheritdoc/>
    public async Task<StartedWorkflow> StartAsync(StartRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);

        IWorkflowDefinition definition = Check(request);
        string id = request.Id ?? NewId();
        JsonElement args = request.Args ?? NoArgs;
        string hash = Hash(request with { Workflow = definition.Name, Id = id, Args = args });

        var queued = new WorkflowState
        {
            Id = id,
            Workflow = definition.Name,
            Status = WorkflowStatus.Queued,
            Owner = request.Owner,
            CreatedAt = time.GetUtcNow(),
        };

        bool claimed = await store.TryAddAsync(queued, hash, cancellationToken);
        if (!claimed && await store.GetRequestHashAsync(id, cancellationToken) != hash)
        {
            throw new StartConflictException(id);
        }

        // The row is there but a crash may have come before the orchestration was scheduled: only a queued row without an
        // instance is started again, since scheduling over a finished instance would run it a second time.
        bool schedule = claimed || await IsLeftBehindAsync(id, client, cancellationToken);
        if (schedule)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                definition.Name, definition.CreateInput(id, args), new StartOrchestrationOptions { InstanceId = id }, cancellationToken);
            LogStarted(logger, definition.Name, id);
        }

        return new StartedWorkflow(id, definition.Name, Existed: !schedule);
    }

    private static string Hash(StartRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            CanonicalJson.Serialize(JsonSerializer.SerializeToElement(request, JsonSerializerOptions.Web)))));

    private async Task<bool> IsLeftBehindAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        WorkflowState? state = await store.GetAsync(id, cancellationToken);
        return state is { Status: WorkflowStatus.Queued } && await client.GetInstanceAsync(id, cancellationToken) is null;
    }

    private IWorkflowDefinition Check(StartRequest request)
    {
        var faults = new List<StartFault>();
        if (request.Id is not null && !WorkflowId.IsValid(request.Id))
        {
            faults.Add(new("/id", WorkflowId.Rule));
        }

        if (request.Owner is { Length: > MaxOwnerLength })
        {
            faults.Add(new("/owner", $"An owner is at most {MaxOwnerLength} characters."));
        }

        if (!catalogue.TryGet(request.Workflow, out IWorkflowDefinition? definition))
        {
            string known = string.Join(", ", catalogue.Names);
            faults.Add(new("/workflow", request.Workflow is null
                ? $"Name the workflow to start. There are: {known}."
                : $"There is no workflow '{request.Workflow}'. There are: {known}."));
        }
        else
        {
            JsonElement args = request.Args ?? NoArgs;
            faults.AddRange(definition.Validate(args).Select(f => f with { Pointer = "/args" + f.Pointer }));
        }

        return faults.Count == 0 ? definition! : throw new InvalidStartException(faults);
    }

    [LoggerMessage(EventId = 100, EventName = "WorkflowStarted", Level = LogLevel.Information, Message = "Started workflow {Workflow} as {WorkflowId}")]
    private static partial void LogStarted(ILogger logger, string workflow, string workflowId);
}
