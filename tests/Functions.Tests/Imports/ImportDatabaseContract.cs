using System.Reflection;
using System.Text;
using Chard.Domain.Failures;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

/// <summary>What every database of imports does.</summary>
public abstract class ImportDatabaseContract : ImportRoundTripContract
{
    private static readonly RequestedColumn[] Requested =
    [
        new("id", ColumnType.Integer, false), new("a \"name\"", ColumnType.Text, false), new("rate", ColumnType.Real, false),
        new("born", ColumnType.TimestampTz, true),
    ];

    /// <summary>The names of the cases.</summary>
    public static TheoryData<string> Cases =>
    [
        .. typeof(ImportDatabaseContract).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(m => m.Name).Where(n => n.Count(c => c == '_') == 2),
    ];

    private protected Task RunAsync(string name) =>
        (Task)typeof(ImportDatabaseContract).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(this, null)!;

    private protected async Task ImportChunk_EveryType_ArrivesAsItStands()
    {
        var columns = await Database.PrepareTableAsync("people", Requested, CancellationToken.None);

        var counts = await ImportAsync(
            new("i1", "people", 0), columns, "1,\"Ann \"\"A\"\"\",1.5,2024-01-31T00:00Z\n2,,,2024-01-31T10:00:00+02:00\nx,bad,1,\n");

        Assert.Equal(new ChunkCounts(2, 1), counts);
        Assert.Equal(
            ["1|Ann \"A\"|1.5|2024-01-31 00:00:00+00", "2|||2024-01-31 08:00:00+00"],
            (await RowsAsync("people")).Select(r => r.Replace("+00:00", "+00", StringComparison.Ordinal)));
    }

    private protected async Task ImportChunk_Twice_LeavesTheRowsOnceAndGivesTheFirstCounts()
    {
        var columns = await Database.PrepareTableAsync("people", Requested, CancellationToken.None);
        var key = new ChunkKey("i1", "people", 0);

        var first = await ImportAsync(key, columns, "1,a,,\n2,b\n");
        var second = await ImportAsync(key, columns, "1,a,,\n2,b\n");

        Assert.Equal(new ChunkCounts(1, 1), first);
        Assert.Equal(first, second);
        Assert.Equal(first, await Database.FindChunkAsync(key, CancellationToken.None));
        Assert.Single(await RowsAsync("people"));
    }

    private protected async Task ImportChunk_ManyAtOnceAndEachTwice_LeavesEveryRowOnce()
    {
        var columns = await Database.PrepareTableAsync("people", Requested, CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() =>
            ImportAsync(
                new("i1", "people", n / 2), columns, string.Concat(Enumerable.Range(0, 50).Select(r => $"{((n / 2) * 50) + r},x,,\n"))))));

        Assert.Equal(500, (await RowsAsync("people")).Distinct().Count());
        Assert.Equal(500, (await RowsAsync("people")).Count);
    }

    private protected async Task ImportChunk_FailsBeforeTheCommit_LeavesNothing()
    {
        var columns = await Database.PrepareTableAsync("people", Requested, CancellationToken.None);
        var key = new ChunkKey("i1", "people", 0);

        await Assert.ThrowsAsync<IOException>(() => ImportAsync(key, columns, "1,a,,\n", _ => throw new IOException("lost")));

        Assert.Empty(await RowsAsync("people"));
        Assert.Null(await Database.FindChunkAsync(key, CancellationToken.None));
        Assert.Equal(new ChunkCounts(1, 0), await ImportAsync(key, columns, "1,a,,\n"));
    }

    private protected async Task ImportChunk_OtherImportOfTheSameFile_AddsItsRows()
    {
        var columns = await Database.PrepareTableAsync("people", Requested, CancellationToken.None);

        await ImportAsync(new("i1", "people", 0), columns, "1,a,,\n");
        await ImportAsync(new("i2", "people", 0), columns, "1,a,,\n");

        Assert.Equal(2, (await RowsAsync("people")).Count);
    }

    private protected async Task Forget_AnImport_ForgetsItsChunksAndNoOthers()
    {
        var columns = await Database.PrepareTableAsync("people", Requested, CancellationToken.None);
        ChunkKey[] keys = [new("i1/a", "people", 0), new("i1/b", "people", 1), new("i10/a", "people", 0), new("i/a", "people", 0)];
        foreach (var key in keys)
        {
            await ImportAsync(key, columns, "1,a,,\n");
        }

        await Database.ForgetAsync("i1", CancellationToken.None);
        await Database.ForgetAsync("i1", CancellationToken.None);

        var left = await Task.WhenAll(keys.Select(key => Database.FindChunkAsync(key, CancellationToken.None)));
        Assert.Equal([false, false, true, true], left.Select(counts => counts is not null));
        Assert.Equal(4, (await RowsAsync("people")).Count);
    }

    private protected async Task PrepareTable_ManyAtOnce_MakesOneTable()
    {
        var prepared = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Database.PrepareTableAsync("people", Requested, CancellationToken.None))));

        Assert.All(prepared, columns => Assert.Equal(prepared[0], columns));
    }

    private protected async Task PrepareTable_SameColumnsInOtherOrderAndCase_TakesTheTables()
    {
        await Database.PrepareTableAsync(
            "t", [new("id", ColumnType.Integer, false), new("name", ColumnType.Text, false)], CancellationToken.None);

        var columns = await Database.PrepareTableAsync(
            "t", [new("NAME", ColumnType.Integer, false), new("Id", null, false)], CancellationToken.None);

        Assert.Equal([new ImportColumn("name", ColumnType.Text), new ImportColumn("id", ColumnType.Integer)], columns);
        Assert.Equal(new ChunkCounts(1, 0), await ImportAsync(new("i1", "t", 0), columns, "7,\n"));
    }

    private protected async Task PrepareTable_OtherColumns_FailsForGood()
    {
        await Database.PrepareTableAsync("t", [new("id", ColumnType.Integer, false)], CancellationToken.None);

        var failure = await Assert.ThrowsAsync<PermanentTaskException>(
            () => Database.PrepareTableAsync(
                "t", [new("id", ColumnType.Integer, false), new("x", ColumnType.Text, false)], CancellationToken.None));

        Assert.Equal("table-mismatch", failure.Code);
        Assert.Contains("it has the columns id, the file id, x", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The rows as the database writes them as text, in the order they went in: null is empty, a moment is in UTC.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync(string table) =>
        [.. (await CellsAsync(table)).Select(row => string.Join('|', row))];

    private protected async Task<ChunkCounts> ImportAsync(
        ChunkKey key, IReadOnlyList<ImportColumn> columns, string csv, Func<CancellationToken, Task>? beforeCommit = null)
    {
        using var rows = new ChunkRows(Encoding.UTF8.GetBytes(csv), 2, new RowFormat(columns, ',', Exact: false), 1000);
        return await Database.ImportChunkAsync(key, columns, rows, beforeCommit ?? (_ => Task.CompletedTask), CancellationToken.None);
    }
}
