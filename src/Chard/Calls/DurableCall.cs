using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Retries;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.Limits;
using Microsoft.DurableTask;

namespace Chard.Calls;

/// <summary>
/// The orchestrator side of one call, on either route. Each try is a call with an input of its own, which tells it from every other
/// one: a built-in retry would hand over the first try's input again, and a late delivery of a try could not be known from the next
/// try. What follows a try without a result is <see cref="NextTry"/>'s to decide, and a durable timer's to wait for. All it knows is in
/// its history.
/// </summary>
internal sealed class DurableCall(
    TaskOrchestrationContext context,
    WorkflowScope scope,
    string task,
    TaskValue args,
    TaskPolicy policy,
    TaskCallOptions options,
    string path)
{
    /// <summary>
    /// For the app's own bookkeeping: storage may be away for long, and a failure must not be lost meanwhile. A week of tries; a
    /// missing row will not come.
    /// </summary>
    public static readonly TaskOptions LongRetries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(10_000, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1))
        {
            HandleFailure = failure => failure.ErrorType != FailureType.Missing,
        });

    private readonly string _workflowId = scope.Header.Id;
    private readonly LimitedCall? _limit = policy.Limit is { } limit ? new(context, limit, path, options.Shard, policy.Ledger) : null;
    private TaskCall _call = new() { WorkflowId = "", Path = "", Task = "", Args = TaskValue.Null };
    private CallTurn _first = CallTurn.First;
    private DateTime _begun;
    private IReadOnlyList<DeadLetterCause> _chain = [];

    /// <summary>Calls until there is a result, by the task or by an operator.</summary>
    public Task<TaskValue> RunAsync() => RunAsync(null);

    /// <summary>Goes on from a try that was made elsewhere and has failed.</summary>
    /// <param name="failed">The try; null if there was none.</param>
    public async Task<TaskValue> RunAsync(FailedTry? failed)
    {
        TaskValue current = args;
        string? key = options.IdempotencyKey;
        for (int generation = 0; ; generation++)
        {
            Begin(generation, current, key);
            (TaskValue? result, TaskFailure? failure) = await TryAsync(generation == 0 ? failed : null);
            if (result is not null)
            {
                return result;
            }

            // Doubt that the policy leaves to an operator parks whatever the policy says of failures.
            OnExhausted then = failure!.Code == TaskFailure.InDoubtCode && policy.InDoubt == InDoubt.Park
                ? OnExhausted.Park
                : policy.OnExhausted;
            await WriteDeadLetterAsync(failure, parked: then == OnExhausted.Park);
            switch (then)
            {
                case OnExhausted.Skip:
                    return TaskValue.Null;

                case OnExhausted.Fail:
                    throw Exhausted(failure);
            }

            DeadLetterResolution resolution = await ParkAsync(generation);
            switch (resolution.Action)
            {
                case DeadLetterAction.Retry when Given(resolution.Args, resolution.ArgsReference) is { } changed:
                    // Other arguments are other work: a receiver that knows the key would answer for the old ones.
                    current = changed;
                    key = $"{options.IdempotencyKey ?? $"{_workflowId}:{path}"}:{generation + 1}";
                    break;

                case DeadLetterAction.Retry:
                    break;

                case DeadLetterAction.Skip:
                    return Given(resolution.Result, resolution.ResultReference) ?? TaskValue.Null;

                default:
                    throw Exhausted(failure);
            }
        }
    }

    private static TaskValue? Given(System.Text.Json.JsonElement? json, Chard.Domain.Payloads.PayloadReference? reference) =>
        reference is not null ? TaskValue.Of(reference) : json is { } value ? TaskValue.Of(value) : null;

    private void Begin(int generation, TaskValue value, string? key)
    {
        _first = generation == 0 ? CallTurn.First : new(generation, _call.Attempt + 1, _call.Wait);
        _chain = [];
        _call = scope.Header.CallOf(task, path, policy, options) with
        {
            Args = value,
            Generation = generation,
            Attempt = _first.Attempt,
            LastAttempt = _first.Attempt - 1 + policy.Attempts,
            Wait = _first.Wait,
            GivenKey = key,
            Deadline = Deadline(generation),
        };
    }

    /// <summary>One generation: the result, or the failure that ended it.</summary>
    private async Task<(TaskValue? Result, TaskFailure? Failure)> TryAsync(FailedTry? failed)
    {
        if (failed is { } given)
        {
            _call = _call with { Attempt = given.Turn.Attempt, Wait = given.Turn.Wait };
        }
        else if (!await EnterAsync(_call.Turn, _call.Deadline?.UtcDateTime))
        {
            return (null, new TaskFailure(
                FailureKind.Permanent, TaskFailure.ExpiredCode, "The time in which the task was to be done is over."));
        }

        // A budget for retries is counted from the first try, not from the wait for it.
        _begun = failed?.Begun ?? context.CurrentUtcDateTime;
        for (bool isKnown = failed is not null; ; isKnown = false)
        {
            _chain = isKnown ? failed!.Value.Chain : [];
            (TaskOutcome outcome, TaskFailure? failure) = isKnown ? (new(), failed!.Value.Failure)
                : policy.Route == TaskRoute.Slow ? await TrySlowAsync()
                : await TryFastAsync();
            if (outcome.Again is not { IsBusy: true })
            {
                // A delivery that waits for another one of the same call is under the permit of both.
                await LeaveAsync();
            }

            failure ??= outcome.Again?.ToFailure();
            if (failure is null)
            {
                return (outcome.Result ?? TaskValue.Null, null);
            }

            NextTry next = NextTry.After(policy, failure, _call.Turn, _first, Elapsed, UntilDeadline, _workflowId, path);
            if (!next.Decision.Retries)
            {
                return (null, failure);
            }

            await WaitAsync(next.Decision.Delay);
            if (next.Turn == _call.Turn)
            {
                // The same call again: it gets what the other delivery records.
                continue;
            }

            if (!await EnterAsync(next.Turn, LatestRetry))
            {
                return (null, failure);
            }

            _call = _call with { Attempt = next.Turn.Attempt, Wait = next.Turn.Wait };
        }
    }

    /// <summary>As an activity.</summary>
    private async Task<(TaskOutcome Outcome, TaskFailure? Failure)> TryFastAsync()
    {
        try
        {
            return (await context.CallActivityAsync<TaskOutcome>(task, scope.Now(_call)), null);
        }
        catch (TaskFailedException e)
        {
            _chain = Chain(e.FailureDetails);
            return (new(), TaskFailure.Parse(e.FailureDetails?.ErrorType, e.FailureDetails?.ErrorMessage ?? e.Message));
        }
    }

    /// <summary>By the queue of slow tasks.</summary>
    private async Task<(TaskOutcome Outcome, TaskFailure? Failure)> TrySlowAsync()
    {
        SlowTaskEnd end = await new SlowRoute(context).CallAsync(scope.Now(_call));
        if (end.Chain is { } chain)
        {
            _chain = chain;
        }

        return (end.Outcome, end.Failure);
    }

    /// <summary>An operator who retries has seen that it is late.</summary>
    private DateTimeOffset? Deadline(int generation) => generation == 0 ? options.Deadline : null;

    /// <summary>A try that would begin after the deadline is none.</summary>
    private TimeSpan? UntilDeadline => _call.Deadline is { } deadline ? deadline.UtcDateTime - context.CurrentUtcDateTime : null;

    /// <summary>When no retry begins any more, however long it waits for a permit.</summary>
    private DateTime? LatestRetry
    {
        get
        {
            DateTime? budget = policy.RetryTimeoutSeconds is { } seconds ? _begun.AddSeconds(seconds).AddTicks(1) : null;
            return budget < (_call.Deadline?.UtcDateTime ?? DateTime.MaxValue) ? budget : _call.Deadline?.UtcDateTime;
        }
    }

    private Task<bool> EnterAsync(CallTurn turn, DateTime? latest) => _limit?.EnterAsync(turn, latest) ?? Task.FromResult(true);

    private Task LeaveAsync() => _limit?.LeaveAsync() ?? Task.CompletedTask;

    private TimeSpan Elapsed => context.CurrentUtcDateTime - _begun;

    private Task WaitAsync(TimeSpan delay) => context.CreateTimer(delay, CancellationToken.None);

    private Task WriteDeadLetterAsync(TaskFailure failure, bool parked) =>
        context.CallActivityAsync(
            nameof(WriteDeadLetter),
            new DeadLetter
            {
                Id = DeadLetterId.OfTask(_workflowId, path, _call.Generation),
                WorkflowId = _workflowId,
                Workflow = scope.Workflow,
                InstanceId = parked ? context.InstanceId : null,
                Task = task,
                Path = path,
                Generation = _call.Generation,
                Class = failure.Code,
                Kind = failure.Kind,
                Message = failure.Message,
                Chain = _chain,
                Attempts = _call.Attempt - _first.Attempt + 1,
                Args = _call.Args.Reference is null ? _call.Args.ToElement() : null,
                ArgsReference = _call.Args.Reference,
                IdempotencyKey = _call.IdempotencyKey,
                Parked = parked,
                Stamps = Stamps.Union(_call.WorkflowStamps, _call.Stamps),
                CreatedAt = new DateTimeOffset(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc)),
            },
            LongRetries);

    /// <summary>What the engine kept of the last failure and its causes.</summary>
    private static List<DeadLetterCause> Chain(TaskFailureDetails? last)
    {
        var chain = new List<DeadLetterCause>();
        for (TaskFailureDetails? link = last; link is not null && chain.Count < DeadLetter.MaxChain; link = link.InnerFailure)
        {
            string message = link.ErrorMessage;
            chain.Add(new(
                FailureType.Of(link.ErrorType),
                message.Length <= TaskFailure.MaxMessageLength ? message : message[..TaskFailure.MaxMessageLength]));
        }

        return chain;
    }

    /// <summary>Waits for the operator's decision on this very failure; one for another generation has another name.</summary>
    private async Task<DeadLetterResolution> ParkAsync(int generation)
    {
        Task<DeadLetterResolution> decided = context.WaitForExternalEvent<DeadLetterResolution>(DeadLetterEvents.NameOf(path, generation));
        await scope.ParkAsync();
        DeadLetterResolution resolution = await decided;
        await scope.UnparkAsync();
        return resolution;
    }

    private TaskExhaustedException Exhausted(TaskFailure failure) => new(task, path, failure, _call.Attempt - _first.Attempt + 1);
}

/// <summary>A try of a call that was made elsewhere, and has failed.</summary>
/// <param name="Failure">Why.</param>
/// <param name="Turn">Which try it was.</param>
/// <param name="Begun">When the first try of the call began, UTC.</param>
/// <param name="Chain">The exception and those that led to it, as far as they are known.</param>
internal readonly record struct FailedTry(
    TaskFailure Failure, CallTurn Turn, DateTime Begun, IReadOnlyList<DeadLetterCause> Chain);
