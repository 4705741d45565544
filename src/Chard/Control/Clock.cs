using Chard.Platform;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>Knows of each work when it ran last, and runs those that are due.</summary>
public sealed class Clock(IEnumerable<IClockWork> works, TimeProvider time)
{
    // A tick that comes a little early is that tick all the same.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(500);

    private readonly Entry[] _entries = [.. works.Select(work => new Entry(work))];

    /// <summary>One tick: runs what is due side by side, and gives what failed.</summary>
    public async Task<IReadOnlyList<ClockFailure>> TickAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        Entry[] due = [.. _entries.Where(entry => entry.TryBegin(time, now))];
        ClockFailure?[] ended = await Task.WhenAll(due.Select(entry => RunAsync(entry, client, cancellationToken)));
        return [.. ended.OfType<ClockFailure>()];
    }

    private static async Task<ClockFailure?> RunAsync(Entry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await entry.Work.RunAsync(client, cancellationToken);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            entry.Retry();
            return new(entry.Work.Name, e);
        }
        finally
        {
            entry.End();
        }
    }

    private sealed class Entry(IClockWork work)
    {
        private long? _lastRun;
        private int _runs;

        public IClockWork Work => work;

        public bool TryBegin(TimeProvider time, long now)
        {
            if ((_lastRun is { } last && time.GetElapsedTime(last, now) < work.Every - Early)
                || Interlocked.Exchange(ref _runs, 1) == 1)
            {
                return false;
            }

            _lastRun = now;
            return true;
        }

        public void Retry() => _lastRun = null;

        public void End() => Volatile.Write(ref _runs, 0);
    }
}

/// <summary>A work that failed.</summary>
/// <param name="Work">Its name.</param>
/// <param name="Exception">What it threw.</param>
public sealed record ClockFailure(string Work, Exception Exception);
