using Chard.Domain.Identity;
using Chard.Domain.Limits;
using Microsoft.DurableTask;

namespace Chard.Limits;

/// <summary>
/// The orchestrator side of a limit, for the tries of one call: a permit before each, given back after it. A call has one permit at
/// a time and asks for no other meanwhile, so no two calls can wait for each other.
/// </summary>
internal sealed class LimitedCall(TaskOrchestrationContext context, string limit, string path, string? shard, bool recorded)
{
    private Permit? _held;

    /// <summary>
    /// Waits until the try may go. False if that would be at <paramref name="latest"/> or later: then the queue has been left.
    /// </summary>
    /// <param name="turn">Which try it is.</param>
    /// <param name="latest">When it is too late to begin, UTC; null for never.</param>
    public async Task<bool> EnterAsync(CallTurn turn, DateTime? latest)
    {
        if (context.CurrentUtcDateTime >= latest)
        {
            return false;
        }

        var permit = new Permit(context.InstanceId, path, turn, shard, recorded);
        Task<PermitOffer>? told = null;
        PermitOffer? offer = await AskAsync(permit);

        // Each round is one offer heard or one time come, and the queue moves on with every permit given back: the wait ends.
        while (!(offer?.At.UtcDateTime <= context.CurrentUtcDateTime) || context.CurrentUtcDateTime >= latest)
        {
            if (context.CurrentUtcDateTime >= latest || offer?.At.UtcDateTime >= latest)
            {
                await LeaveAsync(permit);
                return false;
            }

            // One wait of an event at a time, and never a cancelled one: that would swallow the next event.
            told ??= context.WaitForExternalEvent<PermitOffer>(permit.EventName);
            await UntilAsync(told, offer?.At.UtcDateTime ?? latest);
            if (told.IsCompleted)
            {
                (offer, told) = (await told, null);
            }

            if (offer?.Until.UtcDateTime < context.CurrentUtcDateTime)
            {
                // Suspended, or without a host for long: the place may be another's by now.
                offer = await AskAsync(permit);
            }
        }

        _held = offer.Held ? permit : null;
        return true;
    }

    /// <summary>Gives the permit back if one is held.</summary>
    public async Task LeaveAsync()
    {
        if (_held is { } permit)
        {
            _held = null;
            await LeaveAsync(permit);
        }
    }

    private async Task<PermitOffer?> AskAsync(Permit permit)
    {
        PermitAnswer answer = await context.Entities.CallEntityAsync<PermitAnswer>(Limiter.IdOf(limit), nameof(Limiter.Acquire), permit);
        PassOn(answer.Notices);
        return answer.Offer;
    }

    private async Task LeaveAsync(Permit permit) =>
        PassOn(await context.Entities.CallEntityAsync<IReadOnlyList<PermitNotice>>(Limiter.IdOf(limit), nameof(Limiter.Release), permit));

    /// <summary>
    /// An entity cannot raise events of orchestrations, so whoever brings an offer about tells it. One that gets lost with its
    /// bearer is told by the sweep.
    /// </summary>
    private void PassOn(IReadOnlyList<PermitNotice> notices)
    {
        foreach (PermitNotice notice in notices)
        {
            context.SendEvent(notice.Instance, notice.Event, notice.Offer);
        }
    }

    private async Task UntilAsync(Task told, DateTime? time)
    {
        if (time is not { } due)
        {
            await told;
            return;
        }

        // An open timer would keep the instance from completing, and CancelAsync would leave the orchestrator's thread.
        using var ended = new CancellationTokenSource();
        if (await Task.WhenAny(told, context.CreateTimer(DateTime.SpecifyKind(due, DateTimeKind.Utc), ended.Token)) == told)
        {
            ended.Cancel();
        }
    }
}
