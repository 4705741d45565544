using System.Text.Json;

namespace Chard.Tool.Api;

/// <summary>
/// Follows a workflow by long polls. No change between two of them is missed, and an app that is away for a moment (it restarts, a new
/// version is deployed) is waited for.
/// </summary>
/// <param name="api">The app.</param>
/// <param name="id">The workflow.</param>
/// <param name="note">Told what keeps it from following.</param>
internal sealed class WorkflowFollower(ApiClient api, string id, Action<string> note)
{
    private const int WaitSeconds = 20;

    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    /// <summary>Ends with the last state: a final one, or with <paramref name="endsParked"/> one that waits for somebody.</summary>
    public async Task<ApiAnswer> FollowAsync(bool endsParked, Action<JsonElement> seen, CancellationToken cancellationToken)
    {
        ApiAnswer last = await api.GetAsync(ApiQuery.Workflow(id), cancellationToken);
        while (true)
        {
            seen(last.Document);
            if (IsOver(last.Document.Text("status"), endsParked))
            {
                return last;
            }

            last = await NextAsync(last.Tag, cancellationToken) ?? last;
        }
    }

    private static bool IsOver(string? status, bool endsParked) => status switch
    {
        "completed" or "failed" or "cancelled" or "expired" => true,
        "parked" or "paused" => endsParked,
        _ => false,
    };

    private async Task<ApiAnswer?> NextAsync(string? tag, CancellationToken cancellationToken)
    {
        long? awaySince = null;
        while (true)
        {
            try
            {
                return await api.GetAsync(ApiQuery.Workflow(id, $"?wait={WaitSeconds}"), tag, cancellationToken);
            }
            catch (Exception e) when (
                e is AppUnreachableException or ApiProblemException { MayPass: true } && IsShort(ref awaySince, e.Message))
            {
                await Task.Delay(BetweenTries, cancellationToken);
            }
        }
    }

    private bool IsShort(ref long? awaySince, string why)
    {
        if (awaySince is { } since)
        {
            return TimeSpan.FromMilliseconds(Environment.TickCount64 - since) < LongestAbsence;
        }

        awaySince = Environment.TickCount64;
        note($"The app is away ({why}). Trying again for a minute; the workflow is not lost.");
        return true;
    }
}
