using Chard.Testing;

namespace Chard.Bench;

/// <summary>What requests cost on Azure Storage.</summary>
internal static class StorageCost
{
    // US dollars for 10,000, as docs/runbook/ceilings-and-costs.md has them.
    private const double Table = 0.00036;
    private const double Queue = 0.004;
    private const double BlobWrite = 0.05;
    private const double BlobRead = 0.005;

    /// <summary>Requests for one of what was run, by who made them and by what they cost, and what a million would cost.</summary>
    public static IEnumerable<Figure> Of(string name, int n, string of, Meter run, BenchOptions options)
    {
        if (options.Calls)
        {
            foreach (string kind in Kinds(name, run))
            {
                Console.Error.WriteLine(kind);
            }
        }

        (IReadOnlyList<StorageCall> app, IReadOnlyList<StorageCall> engine) = run.Requests;
        List<StorageCall> all = [.. app, .. engine];
        yield return Each("requests", all.Count);
        yield return Each("requests.app", app.Count);
        yield return Each("requests.engine", engine.Count);
        int tables = all.Count(c => c.Service == StorageService.Table);
        int queues = all.Count(c => c.Service == StorageService.Queue);
        int writes = all.Count(IsBlobWrite);
        int reads = all.Count(IsBlobRead);
        yield return Each("requests.table", tables);
        yield return Each("requests.queue", queues);
        yield return Each("requests.blob-write", writes);
        yield return Each("requests.blob-read", reads);
        double dollars = ((tables * Table) + (queues * Queue) + (writes * BlobWrite) + (reads * BlobRead)) / 10_000;
        yield return new Figure($"{name}.price", n, dollars / n * 1_000_000, $"$/million {of}s");

        Figure Each(string what, int count) => new($"{name}.{what}", n, count / (double)n, $"requests/{of}");
    }

    /// <summary>A line for each kind of request: how many, the service, the method, and the table, queue or container.</summary>
    private static IEnumerable<string> Kinds(string name, Meter run) => run.Requests.App.Concat(run.Requests.Engine)
        .CountBy(c => $"{c.Service} {c.Method} {c.Path.Split('(', '/')[0]}{(c.Path.Contains("()", StringComparison.Ordinal) ? "()" : "")}")
        .OrderByDescending(kind => kind.Value).Select(kind => $"{name}: {kind.Value} {kind.Key}");

    private static bool IsBlobWrite(StorageCall call) =>
        call.Service == StorageService.Blob && ((call.Method == "PUT" && !IsLease(call)) || IsList(call));

    /// <summary>Leases cost what reads cost; deletions cost nothing.</summary>
    private static bool IsBlobRead(StorageCall call) =>
        call.Service == StorageService.Blob && ((call.Method is "GET" or "HEAD" && !IsList(call)) || IsLease(call));

    private static bool IsLease(StorageCall call) => call.Uri.Query.Contains("comp=lease", StringComparison.Ordinal);

    private static bool IsList(StorageCall call) => call.Uri.Query.Contains("comp=list", StringComparison.Ordinal);
}
