using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>The prepared statements of the committer. Every call is inside a transaction that the committer opened.</summary>
internal sealed class HistoryWriter : IDisposable
{
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;
    private readonly Statement find;
    private readonly Statement insertInstance;
    private readonly Statement continueInstance;
    private readonly Statement updateStatus;
    private readonly Statement finishInstance;
    private readonly Statement updateEntity;
    private readonly Statement deleteInstance;
    private readonly Statement insertRow;
    private readonly Statement deleteRow;
    private readonly Statement deleteRange;
    private readonly Statement deleteRows;

    public HistoryWriter(SqliteConnection connection)
    {
        begin = new(connection, "BEGIN IMMEDIATE");
        commit = new(connection, "COMMIT");
        rollback = new(connection, "ROLLBACK");
        find = new(connection, "SELECT key, status FROM instances WHERE id = ?1");
        insertInstance = new(connection,
            "INSERT INTO instances(key, id, name, version, status, execution, created, updated, due, parent_key, parent_execution, parent_task, parent_id, parent_name, tags, output)" +
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
        continueInstance = new(connection, "UPDATE instances SET execution = ?2, version = ?3, status = 0, updated = ?4, custom = NULL WHERE key = ?1");
        updateStatus = new(connection, "UPDATE instances SET status = ?2, updated = ?3, custom = ?4 WHERE key = ?1");
        finishInstance = new(connection, "UPDATE instances SET status = ?2, updated = ?3, custom = ?4, output = ?5, failure = ?6 WHERE key = ?1");
        updateEntity = new(connection, "UPDATE instances SET updated = ?2, custom = ?3, output = ?4 WHERE key = ?1");
        deleteInstance = new(connection, "DELETE FROM instances WHERE key = ?1");
        insertRow = new(connection, "INSERT INTO history(instance, sequence, row) VALUES(?1, ?2, ?3)");
        deleteRow = new(connection, "DELETE FROM history WHERE instance = ?1 AND sequence = ?2");
        deleteRange = new(connection, "DELETE FROM history WHERE instance = ?1 AND sequence BETWEEN ?2 AND ?3");
        deleteRows = new(connection, "DELETE FROM history WHERE instance = ?1");
    }

    public void Begin() => begin.Run();

    public void Commit() => commit.Run();

    public void Rollback() => rollback.Run();

    /// <summary>The row of an id, finished or not.</summary>
    public (long Key, OrchestrationRuntimeStatus Status)? Find(string id)
    {
        find.Bind(1, id);
        (long, OrchestrationRuntimeStatus)? found = find.Read() ? (find.Integer(0), (OrchestrationRuntimeStatus)find.Integer(1)) : null;
        find.Reset();
        return found;
    }

    public void Insert(InstanceRow row) =>
        insertInstance.Bind(1, row.Key).Bind(2, row.Id).Bind(3, row.Name).Bind(4, row.Version).Bind(5, (long)row.Status).Bind(6, row.Execution)
            .Bind(7, row.CreatedTicks).Bind(8, row.DueTicks)
            .Bind(9, row.Parent?.Key).Bind(10, row.Parent?.Execution).Bind(11, row.Parent?.TaskId).Bind(12, row.Parent?.InstanceId).Bind(13, row.Parent?.Name)
            .Bind(14, row.Tags is null ? null : JsonSerializer.Serialize(row.Tags)).Bind(15, row.Output).Run();

    /// <summary>Starts the next execution of an instance.</summary>
    public void Continue(long key, long execution, string version, long ticks) =>
        continueInstance.Bind(1, key).Bind(2, execution).Bind(3, version).Bind(4, ticks).Run();

    public void UpdateStatus(long key, OrchestrationRuntimeStatus status, long ticks, byte[]? customStatus) =>
        updateStatus.Bind(1, key).Bind(2, (long)status).Bind(3, ticks).Bind(4, customStatus).Run();

    public void Finish(long key, OrchestrationRuntimeStatus status, long ticks, byte[]? customStatus, byte[]? output, Failure? failure) =>
        finishInstance.Bind(1, key).Bind(2, (long)status).Bind(3, ticks).Bind(4, customStatus).Bind(5, output).Bind(6, Encode(failure)).Run();

    /// <summary>Stores an entity's state and what its scheduler has to remember.</summary>
    public void UpdateEntity(long key, long ticks, byte[]? scheduler, byte[]? state) =>
        updateEntity.Bind(1, key).Bind(2, ticks).Bind(3, scheduler).Bind(4, state).Run();

    /// <summary>Removes an instance and all its history.</summary>
    public void Delete(long key)
    {
        deleteRows.Bind(1, key).Run();
        deleteInstance.Bind(1, key).Run();
    }

    public void InsertRow(long key, long sequence, ReadOnlySpan<byte> row) => insertRow.Bind(1, key).Bind(2, sequence).Bind(3, row).Run();

    /// <summary>Makes a finished instance unfinished again.</summary>
    public void Reopen(long key, OrchestrationRuntimeStatus status, long ticks, byte[]? customStatus) => Finish(key, status, ticks, customStatus, null, null);

    public void DeleteRow(long key, long sequence) => deleteRow.Bind(1, key).Bind(2, sequence).Run();

    /// <summary>Removes the rows from one sequence to another, both included.</summary>
    public void DeleteRows(long key, long from, long to)
    {
        if (from <= to)
        {
            deleteRange.Bind(1, key).Bind(2, from).Bind(3, to).Run();
        }
    }

    public void Dispose()
    {
        foreach (var statement in new[]
        {
            begin, commit, rollback, find, insertInstance, continueInstance, updateStatus, finishInstance, updateEntity, deleteInstance,
            insertRow, deleteRow, deleteRange, deleteRows,
        })
        {
            statement.Dispose();
        }
    }

    private static byte[]? Encode(Failure? failure)
    {
        if (failure is null)
        {
            return null;
        }

        var writer = RecordWriter.Shared();
        writer.Failure(failure);
        return writer.Written.ToArray();
    }
}
