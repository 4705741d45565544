using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace Chard.DurableTask.Sqlite;

/// <summary>One open store with what memory knows of it.</summary>
internal sealed class EngineCore : IClockParticipant
{
    // Timers delivered in one change: others must not wait for thousands of them.
    private const int DueAtOnce = 500;

    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(1);

    // The system's timers count in whole milliseconds, and would wake a little too early.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    private readonly SqliteStorageOptions options;
    private readonly ITimer alarm;
    private readonly IDisposable? attached;
    private long nextDue = long.MaxValue;

    public EngineCore(SqliteStorageOptions options, bool separatesEntities, ILogger logger)
    {
        this.options = options;
        Table = new InstanceTable(options, Poke) { SeparatesEntities = separatesEntities };
        Activities = new Activities(Poke);
        Delivery = new Delivery(Table, Waiters);
        Writer = new Writer(options, Table.Gate, logger) { Written = SetAlarm, Idle = Poke, Died = EndWaits };
        using (ExecutionContext.SuppressFlow())
        {
            alarm = (options.Clock as SkippingClock)?.CreateOwnTimer(DeliverDue)
                ?? options.Clock.CreateTimer(_ => DeliverDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Recover();
        Writer.Start();
        attached = (options.Clock as SkippingClock)?.Attach(this);
    }

    public InstanceTable Table { get; }

    public Activities Activities { get; }

    public Waiters Waiters { get; } = new();

    public Delivery Delivery { get; }

    public Writer Writer { get; }

    public DateTimeOffset? NextDue =>
        Interlocked.Read(ref nextDue) is var due and < long.MaxValue ? new DateTimeOffset(due, TimeSpan.Zero) : null;

    public bool IsIdle => Writer.IsIdle && Table.IsIdle && Activities.IsIdle;

    public ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken) => ValueTask.FromResult(IsIdle);

    public Task<T> ChangeAsync<T>(Func<Change, T> make, bool lasting = false) => Writer.ChangeAsync(make, lasting);

    public async Task StopAsync()
    {
        attached?.Dispose();
        await alarm.DisposeAsync().ConfigureAwait(false);
        await Writer.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Tells those who wait for the end of an instance that they wait in vain.</summary>
    public void EndWaits(Exception error)
    {
        lock (Table.Gate)
        {
            Waiters.Fail(error);
        }
    }

    /// <summary>Reads only the names of what waits; history comes when an instance has its turn.</summary>
    private void Recover()
    {
        lock (Table.Gate)
        {
            foreach (var id in Writer.Database.Query("SELECT DISTINCT instance FROM messages WHERE due IS NULL", row => row.GetString(0)))
            {
                Table.Arrived(id, () => throw new InvalidOperationException("Nothing is loaded yet."));
            }

            foreach (var key in Writer.Database.Query("SELECT key FROM tasks ORDER BY key", row => row.GetInt64(0)))
            {
                Activities.Add(key);
            }

            SetAlarm();
        }
    }

    private void SetAlarm()
    {
        var due = Writer.Database.Query(
            "SELECT min(due) FROM messages WHERE due IS NOT NULL", row => row.IsDBNull(0) ? long.MaxValue : row.GetInt64(0))[0];
        if (Interlocked.Exchange(ref nextDue, due) != due)
        {
            var wait = TimeSpan.FromTicks(Math.Clamp(due - options.Clock.GetUtcNow().UtcTicks, 0, LongestAlarm.Ticks));
            wait += options.Clock is SkippingClock ? TimeSpan.Zero : Rounding;
            alarm.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void DeliverDue()
    {
        _ = Writer.ChangeAsync(
            change =>
            {
                var rows = change.Database.Query(
                    "SELECT key, instance, execution, type, body FROM messages WHERE due <= $1 ORDER BY due, key LIMIT $2",
                    row => (row.GetInt64(0), row.GetString(1), Rows.Text(row, 2), row.GetInt64(3), row.GetString(4)),
                    change.Now.Ticks,
                    DueAtOnce);
                foreach (var (old, id, execution, type, body) in rows)
                {
                    // A new key: an instance reads its messages in the order of keys, and these came in the order of their times.
                    var key = change.NextKey();
                    change.Database.Execute("UPDATE messages SET key = $2, due = NULL WHERE key = $1", old, key);
                    change.Publish(() => Table.Arrived(id, () => Read(key, id, execution, type, body, change.Now)));
                }

                // There may be more, or this woke too early, as it does for what is more than a day away: the alarm is set anew in any
                // case.
                change.Publish(() =>
                {
                    Interlocked.Exchange(ref nextDue, 0);
                    SetAlarm();
                });
                return rows.Count;
            },
            lasting: true);
    }

    /// <summary>Reads a locked instance from the store, unless memory has it.</summary>
    public async Task LoadAsync(Instance instance)
    {
        if (instance.Loaded)
        {
            return;
        }

        try
        {
            var epoch = 0;
            var now = options.Clock.GetUtcNow().UtcDateTime;
            var (history, messages) = await ChangeAsync(change =>
            {
                var row = Rows.Find(change.Database, instance.Id);
                change.Publish(() => epoch = InstanceTable.Loading(instance));
                return (row is null ? [] : Rows.History(change.Database, row.Number), Rows.Messages(change.Database, instance.Id));
            }).ConfigureAwait(false);

            // Reading the text is left to this thread: the writer's has other things to do.
            Table.Fill(
                instance,
                epoch,
                history.ConvertAll(stored => EventJson.Read(stored.Type, stored.Body)),
                history.Sum(stored => (long)stored.Body.Length),
                messages.ConvertAll(stored => Read(stored.Key, instance.Id, stored.Execution, stored.Type, stored.Body, now)));
        }
        catch
        {
            Table.GiveUp(instance);
            throw;
        }
    }

    /// <summary>A message as the store has it.</summary>
    private Message Read(long key, string id, string? execution, long type, string body, DateTime now)
    {
        var happened = EventJson.Read(type, body);
        if (happened is TimerFiredEvent)
        {
            happened.Timestamp = now;
        }

        if (options.Clock is SkippingClock && happened is EventRaisedEvent { Input: not null } raised)
        {
            Undelay(raised, id);
        }

        var target = new OrchestrationInstance { InstanceId = id, ExecutionId = execution };
        return new Message(key, new TaskMessage { OrchestrationInstance = target, Event = happened }, body.Length);
    }

    /// <summary>
    /// The dispatcher compares the time of a delayed signal with the machine's clock and would put it off again: it is due, so the time
    /// goes.
    /// </summary>
    private static void Undelay(EventRaisedEvent raised, string id)
    {
        var message = new TaskMessage { OrchestrationInstance = new OrchestrationInstance { InstanceId = id }, Event = raised };
        if (Entities.IsDelayedEntityMessage(message, out _))
        {
            var request = JObject.Parse(raised.Input);
            request.Remove("due");
            raised.Input = request.ToString(Newtonsoft.Json.Formatting.None);
        }
    }

    private void Poke() => (options.Clock as SkippingClock)?.Poke();
}
