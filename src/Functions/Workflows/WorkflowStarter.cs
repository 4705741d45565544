using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Functions.Workflows;

/// <inheritdoc cref="IWorkflowStarter"/>
public sealed partial class WorkflowStarter(
    StartChecks checks,
    IWorkflowStatusStore store,
    IPayloadStore payloads,
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
            CreatedAt = now,
            UpdatedAt = now,
            StartAt = request.StartAt > now ? request.StartAt : null,
            ExpiresAt = request.ExpiresIn is { } seconds ? now.AddSeconds(seconds) : null,
        };

        if (await store.TryAddAsync(queued, start, cancellationToken))
        {
            await scheduler.ScheduleAsync(id, start, queued.StartAt, client, cancellationToken);
            LogStarted(logger, plan.Workflow, id);
            return new(id, plan.Workflow, Existed: false);
        }

        if (await store.GetRequestHashAsync(id, cancellationToken) != hash)
        {
            throw new StartConflictException(id, byKey: request.Id is null);
        }

        WorkflowState state = await store.GetAsync(id, cancellationToken) ?? queued;
        await scheduler.MakeUpForAsync(state, client, cancellationToken);
        return new(id, state.Workflow, Existed: true, state.Status);
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = StartDocument.MaxDepth + 8 };

    /// <summary>What tells a repeated start from another one: everything that the caller said, whatever the order and the white space.</summary>
    private static string HashOf(StartRequest request)
    {
        JsonElement document = JsonSerializer.SerializeToElement(new
        {
            Form = request.ComparedForm ?? request.Form, request.Id, request.IdempotencyKey, request.Owner, request.StartAt, request.ExpiresIn, request.Stamps,
        }, Deep);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Serialize(document))));
    }

    private string Choose(StartRequest request) =>
        request.Id ?? (request.IdempotencyKey is { } key ? StartKey.ToWorkflowId(key, request.Owner) : Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));

    private async Task<WorkflowStart> PrepareAsync(StartPlan plan, StartIdentity identity, DateTimeOffset now, CancellationToken cancellationToken)
    {
        object input = await plan.CreateInput(identity, cancellationToken);
        byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(input, input.GetType());
        if (utf8.Length <= WorkflowStart.MaxInlineBytes)
        {
            return new(identity.RequestHash, plan.Orchestrator, now, JsonElement.Parse(utf8));
        }

        // Named after its bytes: a repeated start may have another input, and must not replace the first one's.
        PayloadReference reference = await payloads.WriteAsync(
            identity.Id, $"start/{Convert.ToHexStringLower(SHA256.HashData(utf8))}", (stream, token) => stream.WriteAsync(utf8, token).AsTask(), cancellationToken);
        return new(identity.RequestHash, plan.Orchestrator, now, InputReference: reference);
    }

    [LoggerMessage(EventId = 100, EventName = "WorkflowStarted", Level = LogLevel.Information, Message = "Started workflow {Workflow} as {WorkflowId}")]
    private static partial void LogStarted(ILogger logger, string workflow, string workflowId);
}
