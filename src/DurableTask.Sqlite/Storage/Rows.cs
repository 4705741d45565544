using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.Data.Sqlite;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// What a decision needs to know of an instance. Doomed: the reason of a recursive termination, which its children share.
/// </summary>
internal sealed record Row(long Number, string? Execution, OrchestrationStatus Status, long Events, string? Doomed)
{
    public bool IsEnded => Status.IsEnded();
}

/// <summary>The statements on instances, their history and their messages.</summary>
internal static class Rows
{
    // Events one instance can have; see Schema on the keys of history.
    private const int HistoryBits = 24;

    private const string StateColumns =
        "number, id, execution, name, version, status, created, updated, completed, scheduled, generation, "
        + "parent, tags, custom, output, failure";

    private const int StartType = (int)EventType.ExecutionStarted;

    public static bool IsEnded(this OrchestrationStatus status) =>
        status is OrchestrationStatus.Completed or OrchestrationStatus.Failed
            or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;

    public static Row? Find(Database database, string id) => database.Query(
        "SELECT number, execution, status, events, doomed FROM instances WHERE id = $1",
        row => new Row(row.GetInt64(0), Text(row, 1), (OrchestrationStatus)row.GetInt64(2), row.GetInt64(3), Text(row, 4)),
        id).FirstOrDefault();

    /// <summary>A pending instance without history, in place of an ended one of that id if there is one.</summary>
    public static void Insert(Database database, string id, ExecutionStartedEvent start, DateTime now)
    {
        database.Execute(
            "INSERT OR REPLACE INTO instances "
            + "(number, id, execution, name, version, status, created, updated, scheduled, generation, parent, tags) "
            + "VALUES ((SELECT number FROM instances WHERE id = $1), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            id,
            start.OrchestrationInstance.ExecutionId,
            start.Name,
            start.Version,
            (long)OrchestrationStatus.Pending,
            start.Timestamp.Ticks,
            now.Ticks,
            start.ScheduledStartTime?.Ticks,
            start.Generation,
            start.ParentInstance?.OrchestrationInstance.InstanceId,
            EventJson.Write(start.Tags));
    }

    /// <summary>The state after a turn. All of it when the execution is a new one, else what a turn can change.</summary>
    public static void Update(Database database, long number, OrchestrationState state, long events, DateTime now, bool isNewExecution)
    {
        database.Execute(
            "UPDATE instances SET status = $2, updated = $3, completed = $4, custom = $5, output = $6, failure = $7, events = $8 "
            + "WHERE number = $1",
            number,
            (long)state.OrchestrationStatus,
            now.Ticks,
            state.OrchestrationStatus.IsEnded() ? state.CompletedTime.Ticks : null,
            state.Status,
            state.Output,
            EventJson.Write(state.FailureDetails),
            events);
        if (isNewExecution)
        {
            database.Execute(
                "UPDATE instances SET execution = $2, name = $3, version = $4, created = $5, tags = $6 WHERE number = $1",
                number,
                state.OrchestrationInstance.ExecutionId,
                state.Name,
                state.Version,
                state.CreatedTime.Ticks,
                EventJson.Write(state.Tags));
        }
    }

    public static void Append(Database database, long number, long position, IReadOnlyList<(EventType Type, string Body)> events)
    {
        foreach (var (type, body) in events)
        {
            database.Execute(
                "INSERT INTO history (key, type, body) VALUES ($1, $2, $3)", (number << HistoryBits) + position++, (long)type, body);
        }
    }

    public static List<(long Type, string Body)> History(Database database, long number) => database.Query(
        "SELECT type, body FROM history WHERE key >= $1 AND key < $2 ORDER BY key",
        row => (row.GetInt64(0), row.GetString(1)),
        number << HistoryBits,
        (number + 1) << HistoryBits);

    public static void DeleteHistory(Database database, long number) =>
        database.Execute("DELETE FROM history WHERE key >= $1 AND key < $2", number << HistoryBits, (number + 1) << HistoryBits);

    public static void Delete(Database database, string id, long number)
    {
        DeleteHistory(database, number);
        database.Execute("DELETE FROM instances WHERE id = $1", id);
    }

    public static void InsertMessage(Database database, long key, TaskMessage message, DateTime? due, string body) => database.Execute(
        "INSERT INTO messages (key, instance, execution, due, type, body) VALUES ($1, $2, $3, $4, $5, $6)",
        key,
        message.OrchestrationInstance.InstanceId,
        message.OrchestrationInstance.ExecutionId,
        due?.Ticks,
        (long)message.Event.EventType,
        body);

    /// <summary>What an instance can take now, in the order in which it came.</summary>
    public static List<(long Key, string? Execution, long Type, string Body)> Messages(Database database, string id) => database.Query(
        "SELECT key, execution, type, body FROM messages WHERE instance = $1 AND due IS NULL ORDER BY key",
        row => (row.GetInt64(0), Text(row, 1), row.GetInt64(2), row.GetString(3)),
        id);

    public static bool HasMessages(Database database, string id) =>
        database.Scalar<long>("SELECT EXISTS (SELECT 1 FROM messages WHERE instance = $1)", id) == 1;

    /// <summary>States in the order of their ids, after one of them. Inputs are read from the start events.</summary>
    public static List<OrchestrationState> States(
        Database database, string where, int top, bool inputs, params ReadOnlySpan<object?> values)
    {
        var states = database.Query($"SELECT {StateColumns} FROM instances WHERE {where} ORDER BY id LIMIT {top}", ReadState, values);
        if (inputs)
        {
            foreach (var (number, state) in states)
            {
                state.Input = Start(database, state.OrchestrationInstance.InstanceId, number)?.Input;
            }
        }

        return states.ConvertAll(pair => pair.State);
    }

    /// <summary>The start event of an instance: in its history, or still among its messages.</summary>
    public static ExecutionStartedEvent? Start(Database database, string id, long number)
    {
        var body = database.Scalar<string>(
            $"SELECT body FROM history WHERE key >= $1 AND key < $2 AND type = {StartType} ORDER BY key LIMIT 1",
            number << HistoryBits,
            (number + 1) << HistoryBits)
            ?? database.Scalar<string>($"SELECT body FROM messages WHERE instance = $1 AND type = {StartType}", id);
        return EventJson.Read<ExecutionStartedEvent>(body);
    }

    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static (long Number, OrchestrationState State) ReadState(SqliteDataReader row) => (row.GetInt64(0), new OrchestrationState
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = row.GetString(1), ExecutionId = Text(row, 2) },
        Name = Text(row, 3),
        Version = Text(row, 4),
        OrchestrationStatus = (OrchestrationStatus)row.GetInt64(5),
        CreatedTime = Time(row, 6)!.Value,
        LastUpdatedTime = Time(row, 7)!.Value,
        CompletedTime = Time(row, 8) ?? DateTime.MaxValue.AddDays(-1).ToUniversalTime(),
        ScheduledStartTime = Time(row, 9),
        Generation = row.IsDBNull(10) ? null : row.GetInt32(10),
        ParentInstance = Text(row, 11) is { } parent
            ? new ParentInstance { OrchestrationInstance = new OrchestrationInstance { InstanceId = parent } } : null,
        Tags = EventJson.Read<Dictionary<string, string>>(Text(row, 12)),
        Status = Text(row, 13),
        Output = Text(row, 14),
        FailureDetails = EventJson.Read<FailureDetails>(Text(row, 15)),
    });

    private static DateTime? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTime(row.GetInt64(column), DateTimeKind.Utc);
}
