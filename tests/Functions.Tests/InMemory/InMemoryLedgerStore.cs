using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Chard.Domain.Ledger;

namespace Chard.Tests.InMemory;

/// <summary>
/// A ledger in memory with the races of the real one: a write may be applied and its reply lost, or a rival may write first.
/// </summary>
internal sealed class InMemoryLedgerStore : ILedgerStore
{
    private readonly ConcurrentDictionary<LedgerKey, StoredRow> _rows = new();
    private readonly Lock _gate = new();
    private long _version;

    /// <summary>Asked before each write; true loses the reply of a write that was applied.</summary>
    public Func<bool> LosesReply { get; set; } = () => false;

    /// <summary>Asked before each write; what it gives is thrown in place of the write.</summary>
    public Func<Exception?> Throws { get; set; } = () => null;

    public IEnumerable<LedgerRow> Rows => _rows.Values.Select(r => r.Row);

    public List<string> Operations { get; } = [];

    public LedgerRow? this[LedgerKey key] => _rows.TryGetValue(key, out StoredRow stored) ? stored.Row : null;

    public Task<string?> TryAddAsync(LedgerRow row, CancellationToken cancellationToken) => WriteAsync("add", row, null);

    public Task<string?> TryReplaceAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        WriteAsync("replace", row, version);

    public Task<string?> TryUpdateAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        WriteAsync("update", row, version);

    public Task<StoredRow?> GetAsync(LedgerKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Operations.Add("get");
            return Task.FromResult(_rows.TryGetValue(key, out StoredRow stored) ? stored : (StoredRow?)null);
        }
    }

    public Task<string?> TryUpdateAsync(LedgerRow row, string version, IReadOnlyList<LedgerRow> beside, CancellationToken cancellationToken)
    {
        Assert.InRange(beside.Count, 1, ILedgerStore.MaxBeside);
        return WriteAsync("record", row, version, beside);
    }

    public async Task<IReadOnlyList<string>?> TryAddAsync(
        IReadOnlyList<LedgerRow> rows, IJointWrite joint, CancellationToken cancellationToken) =>
        await WriteAsync("add together", rows[0], null, [.. rows.Skip(1)], (JointWrite)joint) is { } first
            ? [first, .. rows.Skip(1).Select(row => _rows[row.Key].Version)]
            : null;

    public Task<string?> TryUpdateAsync(
        LedgerRow row, string version, IReadOnlyList<LedgerRow> beside, IJointWrite joint, CancellationToken cancellationToken) =>
        WriteAsync("end together", row, version, beside, (JointWrite)joint);

    public async IAsyncEnumerable<LedgerRow> ListBelowAsync(
        string workflowId, string? shard, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (StoredRow stored in _rows.Values.Where(
            r => r.Row.Key.WorkflowId == workflowId && r.Row.Key.Shard == shard
                && r.Row.Key.Path.StartsWith(path + ".", StringComparison.Ordinal)))
        {
            yield return stored.Row;
        }
    }

    public async IAsyncEnumerable<LedgerRow> ListAsync(string workflowId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (StoredRow stored in _rows.Values.Where(r => r.Row.Key.WorkflowId == workflowId))
        {
            yield return stored.Row;
        }
    }

    private Task<string?> WriteAsync(
        string operation, LedgerRow row, string? version, IReadOnlyList<LedgerRow>? beside = null, JointWrite? joint = null)
    {
        Assert.All(beside ?? [], r => Assert.Equal((row.Key.WorkflowId, row.Key.Shard), (r.Key.WorkflowId, r.Key.Shard)));
        lock (_gate)
        {
            Operations.Add(operation);
            if (Throws() is { } exception)
            {
                return Task.FromException<string?>(exception);
            }

            string? stored = _rows.TryGetValue(row.Key, out StoredRow found) ? found.Version : null;
            if (stored != version || joint is { Holds: false })
            {
                return Task.FromResult<string?>(null);
            }

            joint?.Write();
            string next = (++_version).ToString(CultureInfo.InvariantCulture);
            _rows[row.Key] = new(row, next);
            foreach (LedgerRow other in beside ?? [])
            {
                _rows[other.Key] = new(other, (++_version).ToString(CultureInfo.InvariantCulture));
            }

            // The client's pipeline sends a write again whose reply was lost, and that one meets its own row.
            return Task.FromResult(LosesReply() ? null : (string?)next);
        }
    }
}

/// <summary>Something that is written together with rows of a ledger in memory.</summary>
internal sealed class JointWrite : IJointWrite
{
    /// <summary>False if what it was decided on does not hold any more.</summary>
    public bool Holds { get; init; } = true;

    public int Writes { get; private set; }

    public int Finds { get; private set; }

    public void Write() => Writes++;

    public void Found() => Finds++;
}

/// <summary>A ledger as one process sees it: once that is dead, nothing it still tries reaches the rows.</summary>
internal sealed class ProcessView(ILedgerStore store) : ILedgerStore
{
    public bool IsDead { get; set; }

    public Task<string?> TryAddAsync(LedgerRow row, CancellationToken cancellationToken) => Alive().TryAddAsync(row, cancellationToken);

    public Task<string?> TryReplaceAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        Alive().TryReplaceAsync(row, version, cancellationToken);

    public Task<string?> TryUpdateAsync(LedgerRow row, string version, CancellationToken cancellationToken) =>
        Alive().TryUpdateAsync(row, version, cancellationToken);

    public Task<string?> TryUpdateAsync(
        LedgerRow row, string version, IReadOnlyList<LedgerRow> beside, CancellationToken cancellationToken) =>
        Alive().TryUpdateAsync(row, version, beside, cancellationToken);

    public Task<IReadOnlyList<string>?> TryAddAsync(
        IReadOnlyList<LedgerRow> rows, IJointWrite joint, CancellationToken cancellationToken) =>
        Alive().TryAddAsync(rows, joint, cancellationToken);

    public Task<string?> TryUpdateAsync(
        LedgerRow row, string version, IReadOnlyList<LedgerRow> beside, IJointWrite joint, CancellationToken cancellationToken) =>
        Alive().TryUpdateAsync(row, version, beside, joint, cancellationToken);

    public IAsyncEnumerable<LedgerRow> ListBelowAsync(string workflowId, string? shard, string path, CancellationToken cancellationToken) =>
        Alive().ListBelowAsync(workflowId, shard, path, cancellationToken);

    public Task<StoredRow?> GetAsync(LedgerKey key, CancellationToken cancellationToken) => Alive().GetAsync(key, cancellationToken);

    public IAsyncEnumerable<LedgerRow> ListAsync(string workflowId, CancellationToken cancellationToken) =>
        Alive().ListAsync(workflowId, cancellationToken);

    private ILedgerStore Alive() => IsDead ? throw new IOException("The process is dead.") : store;
}
