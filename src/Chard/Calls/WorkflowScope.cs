using Chard.Domain.Identity;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask;

namespace Chard.Calls;

/// <summary>What the calls of one orchestration have in common. Used on the orchestrator's thread only.</summary>
internal sealed class WorkflowScope
{
    private readonly TaskOrchestrationContext _context;
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private int _next;
    private int _parked;

    public WorkflowScope(TaskOrchestrationContext context)
    {
        _context = context;
        WorkflowHeader? header = context.GetInput<WorkflowHeader>();
        Header = header?.Id is null ? new(context.InstanceId) : header;
        if (!WorkflowId.IsValid(Header.Id))
        {
            throw new InvalidOperationException(
                $"'{Header.Id}' is no workflow id, so its tasks would have no rows. Give the orchestrator a WorkflowInput that says "
                + $"which workflow it belongs to. {WorkflowId.Rule}");
        }
    }

    public WorkflowHeader Header { get; }

    public string Workflow => Header.Workflow ?? _context.Name.Name;

    /// <summary>A call with its position and its policy.</summary>
    public DurableCall Prepare(string task, object? args, TaskCallOptions options)
    {
        TaskPolicy policy = Header.PolicyFor(task, options);
        if (options.IdempotencyKey is { } key && !TaskCallOptions.IsKey(key))
        {
            throw new ArgumentException($"The idempotency key of {task} must be {TaskCallOptions.KeyRule}", nameof(options));
        }

        if (options.Stamps is { Count: > 0 } stamps
            && !(Stamps.AreValid(stamps) && Stamps.Union(Header.Stamps, stamps).Count <= Stamps.MaxCount))
        {
            throw new ArgumentException(
                $"The stamps of the call of {task} will not do with those of the workflow. {Stamps.Rule}", nameof(options));
        }

        string path = Take(task, options);
        return new(_context, this, task, Values.Write(task, args), policy, options, path);
    }

    /// <summary>The position that a call has, or several have in common; nothing else of this orchestration gets it.</summary>
    public string Take(string task, TaskCallOptions options)
    {
        string path = options.Path is null ? TaskPath.Below(Header.Path, _next++)
            : Header.Path is null ? options.Path
            : $"{Header.Path}.{options.Path}";
        if (!TaskPath.IsValid(path))
        {
            throw new ArgumentException($"'{path}' is no position for a call of {task}. {TaskPath.Rule}", nameof(options));
        }

        return _paths.Add(path)
            ? path
            : throw new ArgumentException(
                $"Position '{path}' is taken by another call of this orchestration: its result would answer the call of {task}.",
                nameof(options));
    }

    /// <summary>A task of the workflow waits for an operator, and the status says so.</summary>
    public Task ParkAsync() => ++_parked == 1 ? ReportAsync(WorkflowStatus.Parked) : Task.CompletedTask;

    /// <summary>It waits no longer; with the last one the workflow runs again.</summary>
    public Task UnparkAsync() =>
        --_parked > 0 ? Task.CompletedTask
            : _context.CallActivityAsync(nameof(UnparkWorkflow), Header.Id, DurableCall.LongRetries);

    private Task ReportAsync(WorkflowStatus status) =>
        _context.CallActivityAsync(nameof(UpdateWorkflowStatus), new WorkflowUpdate(Header.Id, status), DurableCall.LongRetries);

    /// <summary>A call as it is made now: how long it then waits for its beginning is measured from here.</summary>
    public TaskCall Now(TaskCall call) =>
        call with { ScheduledAt = new DateTimeOffset(DateTime.SpecifyKind(_context.CurrentUtcDateTime, DateTimeKind.Utc)) };
}
