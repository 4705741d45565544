using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Starts;

/// <inheritdoc cref="IWorkflowStarter"/>
public sealed partial class WorkflowStarter(
    StartChecks checks,
    IWorkflowStatusStore store,
    WorkflowStates states,
    StartInputs inputs,
    WorkflowScheduler scheduler,
    TimeProvider time,
    ILogger<WorkflowStarter> logger) : IWorkflowStarter
{
    /// <inheritdoc/>
    public string IdOf(StartRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        StartChecks.CheckNames(request);
        return Choose(request);
    }

    /// <inheritdoc/>
    public void Check(StartRequest request) => checks.Check(request, time.GetUtcNow());

    /// <inheritdoc/>
    public async Task<StartedWorkflow> StartAsync(StartRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);

        DateTimeOffset now = time.GetUtcNow();
        StartPlan plan = checks.Check(request, now);
        string id = Choose(request);
        string hash = HashOf(request);

        WorkflowStart start = await PrepareAsync(plan, new(id, hash, request.Stamps), now, cancellationToken);
        var queued = new WorkflowState
        {
            Id = id,
            Workflow = plan.Workflow,
            Status = WorkflowStatus.Queued,
            Owner = request.Owner,
            Stamps = request.Stamps,
            Progress = plan.Tasks is { } tasks ? new(tasks, 0, 0) : null,
            CreatedAt = now,
            UpdatedAt = now,
            StartAt = request.StartAt > now ? request.StartAt : null,
            ExpiresAt = request.ExpiresIn is { } seconds ? now.AddSeconds(seconds) : null,
        };

        if (!await store.TryAddAsync(queued, start, cancellationToken))
        {
            return await RepeatAsync(queued, hash, request, client, cancellationToken);
        }

        if (await scheduler.ScheduleAsync(queued, start, client, cancellationToken) is { } known)
        {
            return await AgreeAsync(queued, start, known, request, client, cancellationToken);
        }

        LogStarted(logger, plan.Workflow, id);
        return new(id, plan.Workflow, Existed: false);
    }

    /// <summary>The id has a row: this very start again, or another one's.</summary>
    private async Task<StartedWorkflow> RepeatAsync(
        WorkflowState queued, string hash, StartRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await store.GetRequestHashAsync(queued.Id, cancellationToken) != hash)
        {
            throw new StartConflictException(queued.Id, byKey: request.Id is null);
        }

        WorkflowState state = await store.GetAsync(queued.Id, cancellationToken) ?? queued;
        await scheduler.MakeUpForAsync(state, client, cancellationToken);
        return new(queued.Id, state.Workflow, Existed: true, state.Status);
    }

    /// <summary>
    /// The engine knows an id that had no row: storage has lost the row of an earlier start. If it was this very start the new row
    /// takes its place; if it was another one, that one's row is made anew. An ended instance that no start of this app made keeps
    /// nobody from the id.
    /// </summary>
    private async Task<StartedWorkflow> AgreeAsync(
        WorkflowState queued,
        WorkflowStart start,
        OrchestrationMetadata known,
        StartRequest request,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        StartRecord? record = StartRecord.In(known.InstanceId, known.Tags);
        if (record?.RequestHash == start.RequestHash)
        {
            WorkflowState state = await states.FollowAsync(known, cancellationToken) ?? queued;
            LogFound(logger, queued.Id);
            return new(queued.Id, state.Workflow, Existed: true, state.Status);
        }

        if (record is null && known.IsCompleted
            && await scheduler.ScheduleAsync(queued, start, client, cancellationToken, replaceEnded: true) is null)
        {
            LogStarted(logger, queued.Workflow, queued.Id);
            return new(queued.Id, queued.Workflow, Existed: false);
        }

        await store.RemoveAsync(queued, cancellationToken);
        await states.FindAsync(queued.Id, client, cancellationToken);
        throw new StartConflictException(queued.Id, byKey: request.Id is null);
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = StartDocument.MaxDepth + 8 };

    /// <summary>
    /// What tells a repeated start from another one: everything that the caller said, whatever the order and the white space.
    /// </summary>
    private static string HashOf(StartRequest request)
    {
        JsonElement document = JsonSerializer.SerializeToElement(new
        {
            Form = request.ComparedForm ?? request.Form, request.Id, request.IdempotencyKey, request.Owner, request.StartAt,
            request.ExpiresIn, request.Stamps,
        }, Deep);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Serialize(document))));
    }

    private string Choose(StartRequest request) =>
        request.Id
            ?? (request.IdempotencyKey is { } key
                ? StartKey.ToWorkflowId(key, request.Owner)
                : Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));

    private async Task<WorkflowStart> PrepareAsync(
        StartPlan plan,
        StartIdentity identity,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        object input = await plan.CreateInput(identity, cancellationToken);
        return await inputs.KeepAsync(
            identity.Id, new(identity.RequestHash, plan.Orchestrator, now), JsonSerializer.SerializeToUtf8Bytes(input, input.GetType()),
            cancellationToken);
    }

    [LoggerMessage(EventId = 100, EventName = "WorkflowStarted", Level = LogLevel.Information,
        Message = "Started workflow {Workflow} as {WorkflowId}")]
    private static partial void LogStarted(ILogger logger, string workflow, string workflowId);

    [LoggerMessage(EventId = 103, EventName = "StartFound", Level = LogLevel.Warning,
        Message = "The engine knew the start of workflow {WorkflowId}, whose row was gone; it has a row again")]
    private static partial void LogFound(ILogger logger, string workflowId);
}
