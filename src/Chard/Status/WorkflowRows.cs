using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Platform;

namespace Chard.Status;

/// <summary>
/// The rows of one workflow in table <c>ChardWorkflows</c>. They share a partition, one of 16 by a hash of the id, with those of other
/// workflows, and are written in one transaction:
/// <list type="bullet">
/// <item><c>id:{id}</c>: the state (columns below), RequestHash, and Write, a text that no other write has;</item>
/// <item><c>t:{inverted ticks of CreatedAt}:{id}</c>: the same state, for lists newest first;</item>
/// <item><c>s:{stamp}~{inverted ticks of CreatedAt}:{id}</c>: the same state again for each stamp, for its list;</item>
/// <item><c>a:{id}</c>: as long as it has to be looked after: Orchestrator, Input or InputReference (JSON), ScheduledAt;</item>
/// <item><c>r:{id}</c>: once there is a result: Json or Reference (JSON).</item>
/// <item><c>e:{ticks of CompletedAt}:{id}</c> once it has ended, or <c>f:…</c> once it has failed: Id, CreatedAt; for retention, longest
/// ended first. Deleted with the workflow;</item>
/// <item><c>l:{id}:…</c>: the ledger's, in a partition of their own where they are many (<c>Running.LedgerEntity</c>).</item>
/// </list>
/// Columns of a state: Id, Workflow, Status, Version, Owner, Stamps (space-separated), Total/Succeeded/Failed, CreatedAt, StartAt,
/// ExpiresAt, StartedAt, UpdatedAt, CompletedAt, PausedFrom, ErrorCode, ErrorMessage, ErrorTask;
/// of <c>id:{id}</c> while the workflow is being deleted also Deleter and DeletingUntil.
/// </summary>
internal static class WorkflowRows
{
    public static readonly TableBuckets Buckets = new(16);

    public static string StateKey(string id) => "id:" + id;

    public static string ActiveKey(string id) => "a:" + id;

    public static string ResultKey(string id) => "r:" + id;

    /// <summary>Row key in the list of what ended; null if it has not.</summary>
    public static string? EndedKey(WorkflowState state) =>
        state.CompletedAt is not { } end ? null : EndedKey(ListOf(state.Status), end, state.Id);

    /// <summary>Row key of what counts as ended at <paramref name="end"/>.</summary>
    public static string EndedKey(EndedList list, DateTimeOffset end, string id) => EndedPrefix(list, end) + id;

    /// <summary>What row keys of a list begin with for one moment; those that ended before it sort before it.</summary>
    public static string EndedPrefix(EndedList list, DateTimeOffset end) => string.Create(
        CultureInfo.InvariantCulture, $"{(list == EndedList.Failed ? 'f' : 'e')}:{end.UtcTicks:d19}:");

    public static TableEntity Ended(string rowKey, WorkflowState state) => new(Buckets.Of(state.Id), rowKey)
    {
        ["Id"] = state.Id,
        ["CreatedAt"] = state.CreatedAt,
    };

    public static string IdOfActive(string rowKey) => rowKey["a:".Length..];

    public static string StatusText(WorkflowStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    public static TableEntity State(WorkflowState state, string requestHash, string write)
    {
        TableEntity row = Columns(state, StateKey(state.Id));
        row["RequestHash"] = requestHash;
        row[WriteMark.Column] = write;
        return row;
    }

    /// <summary>Its rows in the lists: of everything, and of each stamp.</summary>
    public static IEnumerable<TableEntity> Indexes(WorkflowState state) =>
        state.Stamps.Select(stamp => NewestFirst.KeyOf(stamp, state.CreatedAt, state.Id))
            .Prepend(NewestFirst.KeyOf(state.CreatedAt, state.Id))
            .Select(key => Columns(state, key));

    public static TableEntity Active(string id, WorkflowStart start)
    {
        var row = new TableEntity(Buckets.Of(id), ActiveKey(id))
        {
            ["RequestHash"] = start.RequestHash,
            ["Orchestrator"] = start.Orchestrator,
            ["ScheduledAt"] = start.ScheduledAt,
        };
        Set(row, "Input", start.Input?.GetRawText());
        Set(row, "InputReference", TextOf(start.InputReference));
        return row;
    }

    public static TableEntity Result(string id, WorkflowResult result)
    {
        var row = new TableEntity(Buckets.Of(id), ResultKey(id));
        Set(row, "Json", result.Json);
        Set(row, "Reference", TextOf(result.Reference));
        return row;
    }

    public static WorkflowState ToState(TableEntity row) => new()
    {
        Id = row.GetString("Id"),
        Workflow = row.GetString("Workflow"),
        Status = StatusOf(row, "Status") ?? WorkflowStatus.Queued,
        Version = row.GetInt64("Version") ?? 1,
        Owner = row.GetString("Owner"),
        Stamps = row.GetString("Stamps") is { Length: > 0 } stamps ? stamps.Split(' ') : [],
        Progress = row.GetInt32("Total") is { } total
            ? new(total, row.GetInt32("Succeeded") ?? 0, row.GetInt32("Failed") ?? 0)
            : null,
        CreatedAt = row.GetDateTimeOffset("CreatedAt") ?? default,
        StartAt = row.GetDateTimeOffset("StartAt"),
        ExpiresAt = row.GetDateTimeOffset("ExpiresAt"),
        StartedAt = row.GetDateTimeOffset("StartedAt"),
        UpdatedAt = row.GetDateTimeOffset("UpdatedAt") ?? default,
        CompletedAt = row.GetDateTimeOffset("CompletedAt"),
        PausedFrom = StatusOf(row, "PausedFrom"),
        Error = row.GetString("ErrorCode") is { } code
            ? new(code, row.GetString("ErrorMessage") ?? "", row.GetString("ErrorTask"))
            : null,
    };

    public static KnownState ToKnown(TableEntity row) => new(ToState(row), row.GetString("RequestHash"), row.ETag);

    public static WorkflowStart ToStart(TableEntity row) => new(
        row.GetString("RequestHash"),
        row.GetString("Orchestrator"),
        row.GetDateTimeOffset("ScheduledAt") ?? default,
        row.GetString("Input") is { } input ? JsonElement.Parse(input) : null,
        ReferenceOf(row.GetString("InputReference")));

    public static WorkflowResult ToResult(TableEntity row) => new(row.GetString("Json"), ReferenceOf(row.GetString("Reference")));

    private static EndedList ListOf(WorkflowStatus status) => status == WorkflowStatus.Failed ? EndedList.Failed : EndedList.Ended;

    private static TableEntity Columns(WorkflowState state, string rowKey)
    {
        var row = new TableEntity(Buckets.Of(state.Id), rowKey)
        {
            ["Id"] = state.Id,
            ["Workflow"] = state.Workflow,
            ["Status"] = StatusText(state.Status),
            ["Version"] = state.Version,
            ["CreatedAt"] = state.CreatedAt,
            ["UpdatedAt"] = state.UpdatedAt,
        };
        Set(row, "Owner", state.Owner);
        Set(row, "Stamps", state.Stamps.Count == 0 ? null : string.Join(' ', state.Stamps));
        Set(row, "Total", state.Progress?.Total);
        Set(row, "Succeeded", state.Progress?.Succeeded);
        Set(row, "Failed", state.Progress?.Failed);
        Set(row, "StartAt", state.StartAt);
        Set(row, "ExpiresAt", state.ExpiresAt);
        Set(row, "StartedAt", state.StartedAt);
        Set(row, "CompletedAt", state.CompletedAt);
        Set(row, "PausedFrom", state.PausedFrom is { } paused ? StatusText(paused) : null);
        Set(row, "ErrorCode", state.Error?.Code);
        Set(row, "ErrorMessage", Cut(state.Error?.Message));
        Set(row, "ErrorTask", state.Error?.Task);
        return row;
    }

    private static WorkflowStatus? StatusOf(TableEntity row, string column) =>
        row.GetString(column) is { } text ? Enum.Parse<WorkflowStatus>(text, ignoreCase: true) : null;

    private static string? TextOf(PayloadReference? reference) => reference is null ? null : JsonSerializer.Serialize(reference);

    private static PayloadReference? ReferenceOf(string? text) => text is null ? null : JsonSerializer.Deserialize<PayloadReference>(text);

    /// <summary>A column holds 32,768 characters; nobody reads a message that long.</summary>
    private static string? Cut(string? message) => message is { Length: > 4096 } ? message[..4095] + "…" : message;

    private static void Set(TableEntity row, string column, object? value)
    {
        if (value is not null)
        {
            row[column] = value;
        }
    }
}
