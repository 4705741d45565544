using Chard.Domain.Identity;

namespace Chard.Domain.Limits;

/// <summary>
/// Who asks for a place under a limit, or has one: one try of one call. The same try has the same permit, however often it asks.
/// </summary>
/// <param name="Instance">Instance that makes the call; begins with the workflow's id.</param>
/// <param name="Path">Position of the call in the workflow.</param>
/// <param name="Turn">Which try it is.</param>
/// <param name="Shard">Part of the workflow's ledger that has the call's row; null for the workflow's own.</param>
/// <param name="Recorded">False if the task keeps no row in the ledger.</param>
public sealed record Permit(string Instance, string Path, CallTurn Turn, string? Shard = null, bool Recorded = true)
{
    /// <summary>Name of the event that tells the instance its offer.</summary>
    public string EventName => FormattableString.Invariant($"permit:{Path}:{Turn.Generation}.{Turn.Attempt}.{Turn.Wait}");

    /// <summary>The workflow: what the instance's id has before its first dot.</summary>
    public string WorkflowId => Instance.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? Instance[..dot] : Instance;

    /// <summary>True if this is an earlier try of the same call.</summary>
    public bool IsBefore(Permit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Instance == other.Instance && Path == other.Path && Turn < other.Turn;
    }
}

/// <summary>When a call may go.</summary>
/// <param name="At">Not before, UTC.</param>
/// <param name="Until">A call that has waited and finds this time over asks again, UTC: its place may have been given away.</param>
/// <param name="Held">True if the permit has to be given back; that of a rate alone has not.</param>
public sealed record PermitOffer(DateTimeOffset At, DateTimeOffset Until, bool Held);

/// <summary>An offer for somebody else, which whoever gets it passes on as an event.</summary>
/// <param name="Instance">The instance to tell.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Offer">What to tell.</param>
public sealed record PermitNotice(string Instance, string Event, PermitOffer Offer);

/// <summary>What a limiter answers.</summary>
/// <param name="Offer">The asker's own; null while it has to wait for an event.</param>
/// <param name="Notices">Offers for others that this brought about.</param>
public sealed record PermitAnswer(PermitOffer? Offer, IReadOnlyList<PermitNotice> Notices);
