using System.Security.Cryptography;
using System.Text.Json;
using Chard.Domain.DeadLetters;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Starts;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.DeadLetters;

/// <summary>
/// Where operators resolve dead letters. The row is changed first, by ETag, which decides every race; the resolution is delivered
/// after it, and by the sweep should that fail.
/// </summary>
public sealed partial class DeadLetterService(
    IDeadLetterStore store,
    IWorkflowStatusStore workflows,
    StartChecks checks,
    DeadLetterDelivery delivery,
    IPayloadStore payloads,
    TimeProvider time,
    ILogger<DeadLetterService> logger)
{
    /// <summary>Largest arguments or result kept in the row, in bytes of JSON: 16 KiB. Larger ones go to the payload store.</summary>
    public const int MaxInlineBytes = 16 * 1024;

    /// <summary>Resolves a dead letter.</summary>
    /// <returns>What became of it; null if the id is unknown.</returns>
    /// <exception cref="InvalidStartException">A retry asks for something that cannot be started; nothing was changed.</exception>
    public async Task<DeadLetterOutcome?> ResolveAsync(
        string id, DeadLetterCommand command, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (await store.GetAsync(id, cancellationToken) is not { } letter)
        {
            return null;
        }

        WorkflowState? workflow = letter is { Parked: true, WorkflowId: { } workflowId }
            ? await workflows.GetAsync(workflowId, cancellationToken)
            : null;
        bool waits = workflow is not null && !WorkflowTransitions.IsFinal(workflow.Status);
        if (Refusal(letter, workflow, waits, command.Action) is { } refusal)
        {
            return new(letter, refusal);
        }

        DeadLetter resolved = letter with
        {
            State = DeadLetterTransitions.After(letter.State, waits, command.Action)!.Value,
            ResolvedAt = time.GetUtcNow(),
            Resolution = await ResolutionOfAsync(letter, command, cancellationToken),
            RetriedAs = command.Action == DeadLetterAction.Retry && !waits && letter.Origin == DeadLetterOrigin.Task
                ? DeadLetterId.WorkflowOf(id)
                : null,
        };
        if (resolved.RetriedAs is not null || (letter.Origin == DeadLetterOrigin.Task && command.Args is not null))
        {
            // Arguments that cannot do are told to whoever gives them, not to the workflow.
            checks.Check(await delivery.StartOfAsync(resolved, cancellationToken), time.GetUtcNow());
        }
        else if (command.Action == DeadLetterAction.Retry && letter.Origin != DeadLetterOrigin.Task)
        {
            _ = await delivery.MessageOfAsync(resolved, cancellationToken);
        }

        bool deliver = waits || command.Action == DeadLetterAction.Retry;
        if (!await store.TryResolveAsync(resolved, deliver, cancellationToken))
        {
            return await store.GetAsync(id, cancellationToken) is { } now
                ? new(now, $"Somebody else was faster: the dead letter is {DeadLetterRows.Name(now.State)}.")
                : null;
        }

        if (deliver)
        {
            await TryDeliverAsync(resolved, client, cancellationToken);
        }

        return new(resolved, Refusal: null);
    }

    /// <summary>Delivers what is not known to be delivered; gives how many it was.</summary>
    public async Task<int> DeliverPendingAsync(int limit, DurableTaskClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await store.GetUndeliveredAsync(limit, cancellationToken);
        foreach (string id in ids)
        {
            if (await store.GetAsync(id, cancellationToken) is { } letter)
            {
                await TryDeliverAsync(letter, client, cancellationToken);
            }
        }

        return ids.Count;
    }

    private static string? Refusal(DeadLetter letter, WorkflowState? workflow, bool waits, DeadLetterAction action)
    {
        if (letter.State != DeadLetterState.Open)
        {
            return $"The dead letter is {DeadLetterRows.Name(letter.State)} already.";
        }

        if (action != DeadLetterAction.Discard && workflow?.Status is WorkflowStatus.Cancelled or WorkflowStatus.Expired)
        {
            return $"Its workflow is {WorkflowRows.StatusText(workflow.Status)}; the dead letter can only be discarded.";
        }

        return DeadLetterTransitions.After(letter.State, waits, action) is null
            ? "No workflow waits for it; it can only be retried or discarded."
            : null;
    }

    private async Task TryDeliverAsync(DeadLetter letter, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await delivery.DeliverAsync(letter, client, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The decision stands; the sweep delivers it as soon as that works again.
            LogUndelivered(logger, e, letter.Id);
        }
    }

    private async Task<DeadLetterResolution> ResolutionOfAsync(
        DeadLetter letter,
        DeadLetterCommand command,
        CancellationToken cancellationToken)
    {
        (JsonElement? args, PayloadReference? argsReference) = await KeepAsync(letter, "args", command.Args, cancellationToken);
        (JsonElement? result, PayloadReference? resultReference) = await KeepAsync(letter, "result", command.Result, cancellationToken);
        return new(command.Action, args, result, command.By, argsReference, resultReference);
    }

    private async Task<(JsonElement? Inline, PayloadReference? Reference)> KeepAsync(
        DeadLetter letter, string what, JsonElement? value, CancellationToken cancellationToken)
    {
        if (value is not { } given)
        {
            return (null, null);
        }

        byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(given);
        if (utf8.Length <= MaxInlineBytes)
        {
            return (given, null);
        }

        string name = $"dead-letters/{what}-{Convert.ToHexStringLower(SHA256.HashData(utf8))}";
        return (null, await payloads.WriteAsync(
            letter.WorkflowId ?? letter.Id, name, utf8, cancellationToken));
    }

    [LoggerMessage(EventId = 140, EventName = "ResolutionUndelivered", Level = LogLevel.Warning,
        Message = "The resolution of dead letter {DeadLetterId} is not delivered yet; the sweep will try again")]
    private static partial void LogUndelivered(ILogger logger, Exception exception, string deadLetterId);
}

/// <summary>What an operator wants.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Args">For a retry: the arguments to use instead; of a start message, the whole document. Null for the old ones.</param>
/// <param name="Result">For a skip: what the task gives.</param>
/// <param name="By">Who wants it.</param>
public sealed record DeadLetterCommand(DeadLetterAction Action, JsonElement? Args = null, JsonElement? Result = null, string? By = null);

/// <summary>What became of a command.</summary>
/// <param name="Letter">The dead letter as it is now.</param>
/// <param name="Refusal">Why nothing was changed; null if it was.</param>
public sealed record DeadLetterOutcome(DeadLetter Letter, string? Refusal);
