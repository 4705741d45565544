using System.Text.Json;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Chard.Domain.Workflows;

namespace Chard.Starts;

/// <summary>Checks a start whole: the common members, which kind it is, and what the kind says.</summary>
public sealed class StartChecks(IEnumerable<IStartKind> kinds)
{
    /// <summary>Longest owner, in characters.</summary>
    public const int MaxOwnerLength = 256;

    /// <summary>Longest <c>expiresIn</c>, and latest <c>startAt</c> from now, in seconds: one year.</summary>
    public const double MaxSeconds = 365 * 86_400;

    private readonly IStartKind[] _kinds = [.. kinds];

    /// <summary>What to do for <paramref name="request"/>.</summary>
    /// <exception cref="InvalidStartException">Something is wrong; carries every fault.</exception>
    public StartPlan Check(StartRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var faults = new List<JsonFault>();
        CheckNames(request, faults);
        CheckTimes(request, now, faults);
        StartPlan? plan = Plan(request, faults);
        return faults.Count == 0 && plan is not null ? plan : throw new InvalidStartException(faults);
    }

    /// <summary>Checks who the start is: id, key, owner and stamps.</summary>
    /// <exception cref="InvalidStartException">Something is wrong; carries every fault.</exception>
    public static void CheckNames(StartRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var faults = new List<JsonFault>();
        CheckNames(request, faults);
        if (faults.Count > 0)
        {
            throw new InvalidStartException(faults);
        }
    }

    private static void CheckNames(StartRequest request, List<JsonFault> faults)
    {
        if (request.Id is not null && !WorkflowId.IsValid(request.Id))
        {
            faults.Add(new("/id", WorkflowId.Rule));
        }

        if (request.IdempotencyKey is not null && !StartKey.IsValid(request.IdempotencyKey))
        {
            faults.Add(new("", StartKey.Rule));
        }

        if (request.Id is not null && request.IdempotencyKey is not null)
        {
            faults.Add(new("/id", "An id makes a start idempotent by itself: give either 'id' or an Idempotency-Key."));
        }

        if (request.Owner is { } owner && (owner.Length is 0 or > MaxOwnerLength || owner.Any(char.IsControl)))
        {
            faults.Add(new("/owner", $"An owner is 1 to {MaxOwnerLength} characters without control characters."));
        }

        if (!Stamps.AreValid(request.Stamps))
        {
            faults.Add(new("/stamps", Stamps.Rule));
        }
    }

    private static void CheckTimes(StartRequest request, DateTimeOffset now, List<JsonFault> faults)
    {
        if (request.ExpiresIn is { } seconds && !(seconds is > 0 and <= MaxSeconds))
        {
            faults.Add(new("/expiresIn", $"'expiresIn' is more than 0 and at most {MaxSeconds} seconds."));
        }

        if (request.StartAt > now.AddSeconds(MaxSeconds))
        {
            faults.Add(new("/startAt", "'startAt' is at most one year ahead."));
        }

        if (request is { StartAt: { } start, ExpiresIn: > 0 and <= MaxSeconds and var limit } && start >= now.AddSeconds(limit))
        {
            faults.Add(new("/expiresIn", "The workflow would expire before it starts: 'expiresIn' counts from now."));
        }
    }

    private StartPlan? Plan(StartRequest request, List<JsonFault> faults)
    {
        JsonElement form = request.Form;
        IStartKind[] told = [.. _kinds.Where(k => form.TryGetProperty(k.Member, out _))];
        if (told.Length != 1)
        {
            string members = string.Join(", ", _kinds.Select(k => $"'{k.Member}'"));
            faults.Add(
                new("", told.Length == 0 ? $"Say what to start: one of {members}." : $"Start one thing at a time: only one of {members}."));
            return null;
        }

        IStartKind kind = told[0];
        string[] known = [kind.Member, .. kind.Options, .. StartDocument.CommonMembers];
        JsonFault[] unknown = [.. form.EnumerateObject()
            .Where(p => !known.Contains(p.Name, StringComparer.Ordinal))
            .Select(p => new JsonFault(
                "/" + JsonPointer.Escape(p.Name),
                $"There is no member '{p.Name}' beside '{kind.Member}'. There are: {string.Join(", ", known)}."))];
        faults.AddRange(unknown);
        return unknown.Length == 0 ? kind.Plan(form, request.Stamps, faults) : null;
    }
}
