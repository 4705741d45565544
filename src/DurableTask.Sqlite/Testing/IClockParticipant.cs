namespace Chard.DurableTask.Sqlite;

/// <summary>
/// Something whose work a <see cref="SkippingClock"/> must not skip over. Call <see cref="SkippingClock.Poke"/> when it becomes idle.
/// </summary>
public interface IClockParticipant
{
    /// <summary>When it has something to do next; null: nothing is planned. The clock jumps there when all participants are idle.</summary>
    DateTimeOffset? NextDue { get; }

    /// <summary>Whether nothing runs and nothing waits to be run now.</summary>
    ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken);
}
