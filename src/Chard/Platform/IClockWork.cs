using Microsoft.DurableTask.Client;

namespace Chard.Platform;

/// <summary>What the clock has done again and again: a sweep, a look, a measurement. One object for the whole process.</summary>
/// <remarks>
/// An app that has nothing to do pays for every look: ask one cheap question first, and do a bounded amount of work at a time. The
/// clock begins no run of a work before the last one has ended.
/// </remarks>
public interface IClockWork
{
    /// <summary>What a log calls it.</summary>
    string Name { get; }

    /// <summary>Least time from one run to the next; zero for every tick of the clock.</summary>
    TimeSpan Every { get; }

    /// <summary>One run. What it throws is logged, the others run all the same, and the next tick runs it again.</summary>
    Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken);
}
