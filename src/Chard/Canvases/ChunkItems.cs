using System.Globalization;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>The items of a chunk as calls of their task, and what is recorded of them.</summary>
internal sealed class ChunkItems(ChunkCall chunk, JsonElement? args, JsonElement items, JsonElement? prev, JsonElement? input)
{
    private readonly JsonElement[] _items = [.. items.EnumerateArray()];
    private readonly Dictionary<string, LedgerRow> _known = new(StringComparer.Ordinal);

    public int Count => _items.Length;

    /// <summary>The arguments of an item's call.</summary>
    /// <exception cref="Chard.Domain.Failures.PermanentTaskException"><c>reference-missing</c>.</exception>
    public TaskValue ArgsOf(int index) =>
        TaskValue.Of(args is { } template ? References.Resolve(template, prev, _items[index], input) : _items[index]);

    /// <summary>The call of an item. Under the chunk's lease it keeps no row of its own.</summary>
    public TaskCall CallOf(ChunkItem item, TaskValue args) => chunk.Call with
    {
        Path = TaskPath.Below(chunk.Call.Path, chunk.First + item.Index),
        Args = args,
        Attempt = item.Attempt,
        Wait = item.Wait,
        WithoutLedger = chunk.Call.WithoutLedger || chunk.Call.InDoubt == InDoubt.RunAgain,
    };

    /// <summary>
    /// The chunk as a call, for its row: the position says from which item to which, the attempt which round of tries it is.
    /// </summary>
    public TaskCall CallOfChunk() => new()
    {
        WorkflowId = chunk.Call.WorkflowId,
        Path = string.Create(CultureInfo.InvariantCulture, $"{chunk.Call.Path}.{chunk.First}-{chunk.First + Count - 1}"),
        Task = chunk.Call.Task,
        Args = TaskValue.Null,
        Attempt = chunk.Round,
        Shard = chunk.Call.Shard,
        Stamps = chunk.Call.Stamps,
    };

    /// <summary>Takes note of a row that a run which died has left.</summary>
    public void Know(LedgerRow row) => _known[row.Key.Path] = row;

    /// <summary>The row that answers a call; null if it is to run.</summary>
    public LedgerRow? Recorded(TaskCall call) =>
        _known.TryGetValue(call.Path, out LedgerRow? row)
        && (row.Status == LedgerStatus.Succeeded || (row.Turn == call.Turn && row.Failure is not null))
            ? row
            : null;
}
