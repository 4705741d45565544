using System.Text.Json;
using Azure.Data.Tables;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Running;

/// <summary>
/// How a row of the ledger is stored: PartitionKey the workflow's id (<c>{id}.{shard}</c> with a shard), RowKey the task's path.
/// Columns: Task, Status, Generation, Attempt, Wait, Runner, StartedAt, LeaseUntil, FinishedAt, Result (JSON text) or
/// ResultBlob/ResultSha256/ResultBytes, FailureKind/FailureCode/FailureMessage/RetryAfterSeconds, Done/Total/Message (progress),
/// Stamps (those of its own place, space-separated; the workflow's row has the workflow's).
/// </summary>
internal static class LedgerEntity
{
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
        var entity =
            new TableEntity(row.Key.Partition, row.Key.Path) { ["Status"] = JsonNamingPolicy.CamelCase.ConvertName(row.Status.ToString()) };
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
        return 2048 + ((text + (row.Failure?.Message.Length ?? 0)) * 6);
    }

    /// <summary>The row of an entity.</summary>
    public static StoredRow Read(TableEntity entity)
    {
        string partition = entity.PartitionKey;
        int dot = partition.IndexOf('.', StringComparison.Ordinal);
        var row = new LedgerRow
        {
            Key = new(dot < 0 ? partition : partition[..dot], dot < 0 ? null : partition[(dot + 1)..], entity.RowKey),
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
