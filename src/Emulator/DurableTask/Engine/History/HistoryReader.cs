using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// Reads committed history. A file has a connection for readers, which the write-ahead log lets run beside the committer;
/// a history in memory has one connection, so readers and committer take turns by the gate.
/// </summary>
internal sealed class HistoryReader : IDisposable
{
    private const string Columns =
        "key, id, name, version, status, execution, created, updated, due, parent_key, parent_execution, parent_task, parent_id, parent_name, tags, custom, output, failure";

    private readonly Lock gate;
    private readonly Statement byId;
    private readonly Statement unfinished;
    private readonly Statement page;
    private readonly Statement rows;
    private readonly Statement input;
    private readonly Statement lastKey;
    private readonly Statement size;
    private readonly Statement children;

    public HistoryReader(SqliteConnection connection, Lock gate)
    {
        this.gate = gate;
        byId = new(connection, $"SELECT {Columns} FROM instances WHERE id = ?1");
        unfinished = new(connection, $"SELECT {Columns} FROM instances WHERE status IN (0, 6, 7) ORDER BY key");
        page = new(connection, $"SELECT {Columns} FROM instances WHERE key > ?1 AND created >= ?2 AND created <= ?3 AND id >= ?4 AND (?5 IS NULL OR id < ?5) ORDER BY key LIMIT ?6");
        rows = new(connection, "SELECT sequence, row FROM history WHERE instance = ?1 ORDER BY sequence");
        input = new(connection, "SELECT row FROM history WHERE instance = ?1 AND sequence = 0");
        lastKey = new(connection, "SELECT max(key) FROM instances");
        children = new(connection, "SELECT id FROM instances WHERE parent_id = ?1");
        size = new(connection, "SELECT count(*), sum(length(row)) FROM history");
    }

    public InstanceRow? Find(string id, bool withInput)
    {
        lock (gate)
        {
            byId.Bind(1, id);
            var row = byId.Read() ? Row(byId) : null;
            byId.Reset();
            return row is not null && withInput ? row with { Input = Input(row.Key) } : row;
        }
    }

    public List<InstanceRow> Unfinished()
    {
        lock (gate)
        {
            var found = new List<InstanceRow>();
            while (unfinished.Read())
            {
                found.Add(Row(unfinished));
            }

            return found;
        }
    }

    /// <summary>Rows in order of creation after a key. The caller filters by status, which memory knows better.</summary>
    public List<InstanceRow> Page(long afterKey, long createdFrom, long createdTo, string idPrefix, int limit, bool withInput)
    {
        lock (gate)
        {
            page.Bind(1, afterKey).Bind(2, createdFrom).Bind(3, createdTo).Bind(4, idPrefix).Bind(5, PrefixEnd(idPrefix)).Bind(6, limit);
            var found = new List<InstanceRow>();
            while (page.Read())
            {
                found.Add(Row(page));
            }

            if (withInput)
            {
                for (var i = 0; i < found.Count; i++)
                {
                    found[i] = found[i] with { Input = Input(found[i].Key) };
                }
            }

            return found;
        }
    }

    /// <summary>The past of an instance's present execution.</summary>
    public InstanceHistory Load(long key)
    {
        lock (gate)
        {
            var history = new InstanceHistory();
            rows.Bind(1, key);
            while (rows.Read())
            {
                HistoryRow.Read(rows.Integer(0), rows.Blob(1), history);
            }

            return history;
        }
    }

    public long LastKey()
    {
        lock (gate)
        {
            lastKey.Read();
            var key = lastKey.Integer(0);
            lastKey.Reset();
            return key;
        }
    }

    /// <summary>The sub-orchestrations that an instance started. Looks at every instance: for purges and terminations by an operator.</summary>
    public List<string> ChildrenOf(string id)
    {
        lock (gate)
        {
            children.Bind(1, id);
            var found = new List<string>();
            while (children.Read())
            {
                found.Add(children.Text(0)!);
            }

            return found;
        }
    }

    /// <summary>How many rows the history has, and their bytes.</summary>
    public (long Rows, long Bytes) Size()
    {
        lock (gate)
        {
            size.Read();
            var result = (size.Integer(0), size.Integer(1));
            size.Reset();
            return result;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var statement in new[] { byId, unfinished, page, rows, input, lastKey, size, children })
            {
                statement.Dispose();
            }
        }
    }

    private static string? PrefixEnd(string prefix)
    {
        // The least text above every text with the prefix; ids compare byte by byte.
        for (var i = prefix.Length - 1; i >= 0; i--)
        {
            if (prefix[i] < '\ud7ff')
            {
                return string.Concat(prefix.AsSpan(0, i), ((char)(prefix[i] + 1)).ToString());
            }
        }

        return null;
    }

    private static InstanceRow Row(Statement row) => new()
    {
        Key = row.Integer(0),
        Id = row.Text(1)!,
        Name = row.Text(2)!,
        Version = row.Text(3)!,
        Status = (OrchestrationRuntimeStatus)row.Integer(4),
        Execution = row.Integer(5),
        CreatedTicks = row.Integer(6),
        UpdatedTicks = row.Integer(7),
        DueTicks = row.IsNull(8) ? null : row.Integer(8),
        Parent = row.IsNull(9) ? null : new(row.Integer(9), row.Integer(10), (int)row.Integer(11), row.Text(12)!, row.Text(13)!),
        Tags = row.Text(14) is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags) : null,
        CustomStatus = row.Bytes(15),
        Output = row.Bytes(16),
        Failure = row.IsNull(17) ? null : new RecordReader(row.Blob(17)).Failure()?.Details,
    };

    private byte[]? Input(long key)
    {
        input.Bind(1, key);
        byte[]? found = null;
        if (input.Read())
        {
            var history = new InstanceHistory();
            HistoryRow.Read(0, input.Blob(0), history);
            found = history.Waiting[0].Payload;
        }

        input.Reset();
        return found;
    }
}
