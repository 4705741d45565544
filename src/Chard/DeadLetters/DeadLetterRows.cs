using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Payloads;
using Chard.Platform;

namespace Chard.DeadLetters;

/// <summary>
/// The rows of one dead letter in table <c>ChardDeadLetters</c>. They share a partition, one of 8 by a hash of the workflow's id, and are
/// written in one transaction:
/// <list type="bullet">
/// <item><c>t:{inverted ticks of CreatedAt}:{id}</c>: the dead letter (columns below), in a list newest first;</item>
/// <item><c>s:{stamp}~{inverted ticks of CreatedAt}:{id}</c> for each stamp, for its list: Key, and the columns
/// that lists are filtered by;</item>
/// <item><c>id:{id}</c>: Key, the row key of the first one;</item>
/// <item><c>w:{id}</c>: as long as a workflow waits for it, to be counted by;</item>
/// <item><c>p:{id}</c>: as long as a resolution is not known to be delivered;</item>
/// <item><c>e:{ticks of ResolvedAt}:{id}</c> once it is resolved: Id; for retention, longest resolved first.</item>
/// </list>
/// Columns: Id, Origin, WorkflowId, Workflow, InstanceId, Task, Path, Generation, Class, Kind, Message, Chain (JSON), Attempts,
/// Args (JSON text) or ArgsReference (JSON), IdempotencyKey, Parked, State, Stamps (space-separated), CreatedAt, ResolvedAt,
/// Resolution (JSON), RetriedAs, Write (a text that no other resolution has).
/// </summary>
internal static class DeadLetterRows
{
    public static readonly TableBuckets Buckets = new(8);

    /// <summary>All dead letters of a workflow share a partition: their ids begin with the workflow's, which has no dot.</summary>
    public static string BucketOf(string id) => Buckets.Of(id.Split('.', 2)[0]);

    public static string PointerKey(string id) => "id:" + id;

    public static string UndeliveredKey(string id) => "p:" + id;

    /// <summary>Row key in the list of what is resolved; null if it is not.</summary>
    public static string? ResolvedKey(DeadLetter letter) =>
        letter.ResolvedAt is not { } resolved ? null : ResolvedPrefix(resolved) + letter.Id;

    /// <summary>What row keys of that list begin with for one moment; those resolved before it sort before it.</summary>
    public static string ResolvedPrefix(DateTimeOffset resolved) =>
        string.Create(CultureInfo.InvariantCulture, $"e:{resolved.UtcTicks:d19}:");

    public static TableEntity Resolved(string rowKey, DeadLetter letter) => new(BucketOf(letter.Id), rowKey) { ["Id"] = letter.Id };

    public static string IdOfUndelivered(string rowKey) => rowKey["p:".Length..];

    public static TableEntity Pointer(DeadLetter letter) => new(BucketOf(letter.Id), PointerKey(letter.Id))
    {
        ["Key"] = NewestFirst.KeyOf(letter.CreatedAt, letter.Id),
    };

    /// <summary>
    /// Its rows in the lists of its stamps. What an orchestrator that was started past the API calls a stamp may be no label; then
    /// it has no list.
    /// </summary>
    public static IEnumerable<TableEntity> Indexes(DeadLetter letter)
    {
        foreach (string stamp in letter.Stamps.Where(Stamps.IsValid).Distinct(StringComparer.Ordinal).Take(Stamps.MaxCount))
        {
            var row = new TableEntity(BucketOf(letter.Id), NewestFirst.KeyOf(stamp, letter.CreatedAt, letter.Id))
            {
                ["Key"] = NewestFirst.KeyOf(letter.CreatedAt, letter.Id),
                ["Origin"] = Name(letter.Origin),
                ["Class"] = letter.Class,
                ["Parked"] = letter.Parked,
                ["State"] = Name(letter.State),
            };
            Set(row, "WorkflowId", letter.WorkflowId);
            Set(row, "Workflow", letter.Workflow);
            Set(row, "Task", letter.Task);
            yield return row;
        }
    }

    public static TableEntity Undelivered(DeadLetter letter) => new(BucketOf(letter.Id), UndeliveredKey(letter.Id));

    public static TableEntity Waiting(DeadLetter letter) => new(BucketOf(letter.Id), "w:" + letter.Id);

    public static TableEntity Letter(DeadLetter letter)
    {
        var row = new TableEntity(BucketOf(letter.Id), NewestFirst.KeyOf(letter.CreatedAt, letter.Id))
        {
            ["Id"] = letter.Id,
            ["Origin"] = Name(letter.Origin),
            ["Generation"] = letter.Generation,
            ["Class"] = letter.Class,
            ["Kind"] = Name(letter.Kind),
            ["Message"] = Cut(letter.Message),
            ["Attempts"] = letter.Attempts,
            ["Parked"] = letter.Parked,
            ["State"] = Name(letter.State),
            ["CreatedAt"] = letter.CreatedAt,
        };
        Set(row, "WorkflowId", letter.WorkflowId);
        Set(row, "Workflow", letter.Workflow);
        Set(row, "InstanceId", letter.InstanceId);
        Set(row, "Task", letter.Task);
        Set(row, "Path", letter.Path);
        Set(row, "Chain", letter.Chain.Count == 0 ? null : JsonSerializer.Serialize(
            letter.Chain.Take(DeadLetter.MaxChain)
                .Select(c => new DeadLetterCause(c.Type, c.Message.Length > 512 ? c.Message[..512] : c.Message))));
        Set(row, "Args", letter.Args?.GetRawText());
        Set(row, "ArgsReference", letter.ArgsReference is null ? null : JsonSerializer.Serialize(letter.ArgsReference));
        Set(row, "IdempotencyKey", letter.IdempotencyKey);
        Set(row, "Stamps", letter.Stamps.Count == 0 ? null : string.Join(' ', letter.Stamps));
        Set(row, "ResolvedAt", letter.ResolvedAt);
        Set(row, "Resolution", letter.Resolution is null ? null : JsonSerializer.Serialize(letter.Resolution));
        Set(row, "RetriedAs", letter.RetriedAs);
        return row;
    }

    public static DeadLetter ToLetter(TableEntity row) => new()
    {
        Id = row.GetString("Id"),
        Origin = Parse<DeadLetterOrigin>(row, "Origin"),
        WorkflowId = row.GetString("WorkflowId"),
        Workflow = row.GetString("Workflow"),
        InstanceId = row.GetString("InstanceId"),
        Task = row.GetString("Task"),
        Path = row.GetString("Path"),
        Generation = row.GetInt32("Generation") ?? 0,
        Class = row.GetString("Class"),
        Kind = Parse<FailureKind>(row, "Kind"),
        Message = row.GetString("Message"),
        Chain = row.GetString("Chain") is { } chain ? JsonSerializer.Deserialize<DeadLetterCause[]>(chain) ?? [] : [],
        Attempts = row.GetInt32("Attempts") ?? 0,
        Args = row.GetString("Args") is { } args ? JsonElement.Parse(args) : null,
        ArgsReference = row.GetString("ArgsReference") is { } reference ? JsonSerializer.Deserialize<PayloadReference>(reference) : null,
        IdempotencyKey = row.GetString("IdempotencyKey"),
        Parked = row.GetBoolean("Parked") ?? false,
        State = Parse<DeadLetterState>(row, "State"),
        Stamps = row.GetString("Stamps") is { Length: > 0 } stamps ? stamps.Split(' ') : [],
        CreatedAt = row.GetDateTimeOffset("CreatedAt") ?? default,
        ResolvedAt = row.GetDateTimeOffset("ResolvedAt"),
        Resolution = row.GetString("Resolution") is { } resolution ? JsonSerializer.Deserialize<DeadLetterResolution>(resolution) : null,
        RetriedAs = row.GetString("RetriedAs"),
    };

    public static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static TEnum Parse<TEnum>(TableEntity row, string column)
        where TEnum : struct, Enum => Enum.Parse<TEnum>(row.GetString(column), ignoreCase: true);

    private static string Cut(string message) =>
        message.Length > DeadLetter.MaxMessageLength ? message[..(DeadLetter.MaxMessageLength - 1)] + "…" : message;

    private static void Set(TableEntity row, string column, object? value)
    {
        if (value is not null)
        {
            row[column] = value;
        }
    }
}
