using System.Text.Json;
using Azure.Data.Tables;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Platform;
using Chard.Status;

namespace Chard.Running;

/// <summary>
/// How a row of the ledger is stored, in the table of workflows: RowKey <c>l:{id}:{path}</c>, PartitionKey the one of the workflow's own
/// rows (<see cref="WorkflowRows"/>), or <c>{id}.{shard}</c> with a shard. A dot is in no id and no other partition's key, so the shards
/// of a workflow are the partitions from <c>{id}.</c> to <c>{id}/</c>, and ':' is in neither an id nor a path.
/// Columns: Task, Status, Generation, Attempt, Wait, Runner, StartedAt, LeaseUntil, FinishedAt, Result (JSON text) or
/// ResultBlob/ResultSha256/ResultBytes, FailureKind/FailureCode/FailureMessage/RetryAfterSeconds, Done/Total/Message (progress),
/// Stamps (those of its own place, space-separated; the workflow's row has the workflow's).
/// </summary>
internal static class LedgerEntity
{
    private const string Prefix = "l:";

    public static string PartitionOf(LedgerKey key) =>
        key.Shard is null ? WorkflowRows.Buckets.Of(key.WorkflowId) : $"{key.WorkflowId}.{key.Shard}";

    public static string RowKeyOf(LedgerKey key) => $"{Prefix}{key.WorkflowId}:{key.Path}";

    /// <summary>Finds what lies below a path in one part of the ledger.</summary>
    public static string Below(LedgerKey key) => TableClient.CreateQueryFilter(
        $"PartitionKey eq {PartitionOf(key)} and RowKey ge {RowKeyOf(key) + "."} and RowKey lt {RowKeyOf(key) + "/"}");

    /// <summary>
    /// Find all rows of a workflow: those beside its own, and those of its shards. Two questions, for one with "or" would read the
    /// whole table.
    /// </summary>
    public static string[] Of(string workflowId)
    {
        string bucket = WorkflowRows.Buckets.Of(workflowId);
        string rows = Prefix + workflowId;
        return
        [
            TableClient.CreateQueryFilter($"PartitionKey eq {bucket} and RowKey ge {rows + ":"} and RowKey lt {rows + ";"}"),
            TableClient.CreateQueryFilter($"PartitionKey ge {workflowId + "."} and PartitionKey lt {workflowId + "/"}"),
        ];
    }

    /// <summary>The whole row.</summary>
    public static TableEntity Whole(LedgerRow row)
    {
        TableEntity entity = Changes(row);
        entity["Task"] = row.Task;
        entity["Generation"] = row.Turn.Generation;
        entity["Attempt"] = row.Turn.Attempt;
        entity["Wait"] = row.Turn.Wait;
        entity["Runner"] = row.Runner;
        entity["StartedAt"] = row.StartedAt;
        Set(entity, "Stamps", row.Stamps is { Count: > 0 } stamps ? string.Join(' ', stamps) : null);
        return entity;
    }

    /// <summary>What a run changes of its row.</summary>
    public static TableEntity Changes(LedgerRow row)
    {
        var entity = new TableEntity(PartitionOf(row.Key), RowKeyOf(row.Key))
        {
            ["Status"] = JsonNamingPolicy.CamelCase.ConvertName(row.Status.ToString()),
        };
        if (row.Status == LedgerStatus.Running)
        {
            entity["LeaseUntil"] = row.LeaseUntil;
        }

        Set(entity, "FinishedAt", row.FinishedAt);
        Set(entity, "Result", row.Result?.Json?.GetRawText());
        Set(entity, "ResultBlob", row.Result?.Reference?.Blob);
        Set(entity, "ResultSha256", row.Result?.Reference?.Sha256);
        Set(entity, "ResultBytes", row.Result?.Reference?.Bytes);
        Set(entity, "FailureKind", row.Failure is { } failure ? JsonNamingPolicy.CamelCase.ConvertName(failure.Kind.ToString()) : null);
        Set(entity, "FailureCode", row.Failure?.Code);
        Set(entity, "FailureMessage", row.Failure?.Message);
        Set(entity, "RetryAfterSeconds", row.Failure?.RetryAfter?.TotalSeconds);
        Set(entity, "Done", row.Progress?.Done);
        Set(entity, "Total", row.Progress?.Total);
        Set(entity, "Message", row.Progress?.Message);
        return entity;
    }

    /// <summary>
    /// The most that a row takes in a transaction: its texts in JSON, where a character may become
    /// six, and what stands around them.
    /// </summary>
    public static int Bytes(LedgerRow row)
    {
        int text = row.Result?.Json?.GetRawText().Length ?? 0;
        return TableWriter.BytesOf(text + (row.Failure?.Message.Length ?? 0));
    }

    /// <summary>The row of an entity.</summary>
    public static StoredRow Read(TableEntity entity)
    {
        string rowKey = entity.RowKey;
        int end = rowKey.IndexOf(':', Prefix.Length);
        string id = rowKey[Prefix.Length..end];
        bool isShard = entity.PartitionKey.Length > id.Length && entity.PartitionKey[id.Length] == '.';
        var row = new LedgerRow
        {
            Key = new(id, isShard ? entity.PartitionKey[(id.Length + 1)..] : null, rowKey[(end + 1)..]),
            Task = entity.GetString("Task"),
            Turn = new(entity.GetInt32("Generation") ?? 0, entity.GetInt32("Attempt") ?? 1, entity.GetInt32("Wait") ?? 0),
            Status = Enum.Parse<LedgerStatus>(entity.GetString("Status"), ignoreCase: true),
            Runner = entity.GetString("Runner"),
            StartedAt = entity.GetDateTimeOffset("StartedAt") ?? default,
            Stamps = entity.GetString("Stamps")?.Split(' '),
            LeaseUntil = entity.GetDateTimeOffset("LeaseUntil") ?? default,
            FinishedAt = entity.GetDateTimeOffset("FinishedAt"),
            Result = Result(entity),
            Failure = entity.GetString("FailureCode") is { } code
                ? new(
                    Enum.Parse<FailureKind>(entity.GetString("FailureKind"), ignoreCase: true), code,
                    entity.GetString("FailureMessage") ?? "",
                    entity.GetDouble("RetryAfterSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
                : null,
            Progress = entity.GetInt64("Done") is { } done ? new(done, entity.GetInt64("Total"), entity.GetString("Message")) : null,
        };
        return new(row, entity.ETag.ToString());
    }

    private static TaskValue? Result(TableEntity entity)
    {
        if (entity.GetString("ResultBlob") is { } blob)
        {
            return TaskValue.Of(new PayloadReference(blob, entity.GetString("ResultSha256"), entity.GetInt64("ResultBytes") ?? 0));
        }

        return entity.GetString("Result") is { } json ? TaskValue.Of(JsonElement.Parse(json))
            : entity.GetString("Status") == "succeeded" ? TaskValue.Null
            : null;
    }

    private static void Set(TableEntity entity, string name, object? value)
    {
        if (value is not null)
        {
            entity[name] = value;
        }
    }
}
