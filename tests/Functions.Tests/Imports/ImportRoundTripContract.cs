using System.Data.Common;
using System.Globalization;
using System.Text;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Chard.Functions.Tests.Imports;

/// <summary>What goes in comes out: the text that the database writes is the text of the file.</summary>
public abstract class ImportRoundTripContract
{
    // Spellings that a number, a date or a truth value would lose.
    private static readonly string[] Odd =
    [
        "12345678901234567.89", "1E5", "2E3", "1e-7", "1.10", "1.0", "007", "+49", "-0", "-0.0", "00.5", ".5", "5.", "0.00001", "1e999",
        "NaN", "Infinity", "0x1F", "1_000", "1,5", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "999999999999999",
        "1000000000000000", "123456789012345.6", "12345678901.5", "123456789012.5", "0.000986", "0.001", "0.1234567890123456",
        "2010-01-01T01:00:00", "2010-01-01T01:00:00Z", "2010-01-01 01:00:00.10", "2010-01-01 01:00", "2010-01-01 01:00:00+02:00",
        "9999-12-31", "0001-01-01", "0000-01-01", "2010-1-1", "9999-12-31 23:59:59.999999", "0001-01-01 00:00:00",
        "true", "FALSE", "null", "NULL", " ", "\t", " 5", "5 ", "\"", "a\"b", "two\nlines", "two\r\nlines", "a,b;c|d\te",
        "ä€𝄞", "\u2028", "\u200B", "\\N", "\\x41", "'", "{}", "=1+1", "#", "",
    ];

    private protected abstract IImportDatabase Database { get; }

    /// <summary>The cells as the database writes them as text, in the order they went in.</summary>
    private protected abstract Task<IReadOnlyList<string?[]>> CellsAsync(string table);

    private protected async Task RoundTrip_EachOddSpelling_ComesOutAsItWentIn()
    {
        for (var i = 0; i < Odd.Length; i++)
        {
            // Once alone, and once under a number, a date or a time that would have made a type.
            string[] among = ["1", "1.5", "2024-01-31", "2024-01-31 10:00:00", "x"];
            await RoundTripAsync($"odd{i}", [among, [.. Enumerable.Repeat(Odd[i], among.Length)], among]);
            await RoundTripAsync($"one{i}", [[Odd[i], "x"], [Odd[i], "y"]]);
        }
    }

    private protected async Task RoundTrip_LateCell_ChangesNoEarlierOne()
    {
        string[][] rows = [.. Enumerable.Range(0, 500).Select(i => new[] { $"{i}", $"{i}.5", "2024-01-31" }), ["1E5", "1.10", "soon"]];

        Assert.All(await RoundTripAsync("late", rows), type => Assert.Equal(ColumnType.Text, type));
    }

    private protected Task RoundTrip_AnyTextInAnyCell_ComesOutAsItWentIn()
    {
        var tables = 0;
        var seen = new HashSet<ColumnType>();
        var property = Prop.ForAll(Tables(), rows => seen.UnionWith(RoundTripAsync($"any{tables++}", rows).GetAwaiter().GetResult()));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(40), property);

        Assert.Equal([ColumnType.Text, ColumnType.Integer, ColumnType.Real, ColumnType.Date, ColumnType.Timestamp], seen.Order());
        return Task.CompletedTask;
    }

    private protected static async Task<IReadOnlyList<string?[]>> CellsAsync(DbDataSource source, string table, string order)
    {
        await using var connection = await source.OpenConnectionAsync();
        var names = new List<string>();
        await using (var probe = connection.CreateCommand())
        {
            probe.CommandText = $"SELECT * FROM {table} LIMIT 0";
            await using var header = await probe.ExecuteReaderAsync();
            names.AddRange(Enumerable.Range(0, header.FieldCount).Select(header.GetName));
        }

        await using var command = connection.CreateCommand();
        var texts = string.Join(", ", names.Select(n => $"CAST({Sql.Quote(n)} AS text)"));
        command.CommandText = $"SELECT {texts} FROM {table} ORDER BY {order}";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, names.Count).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        }

        return rows;
    }

    // Columns of one kind, so that they get types, some with a cell of another here and there.
    private static Arbitrary<string[][]> Tables()
    {
        var sign = Gen.Elements("", "", "-");
        var number = Gen.Choose(0, 18).SelectMany(n => Gen.ArrayOf(Gen.Elements([.. "0123456789"]), n))
            .Select(d => new string(d).TrimStart('0') is { Length: > 0 } digits ? digits : "0");
        var whole = sign.SelectMany(s => number, (s, n) => n == "0" ? n : s + n);
        var fraction = Gen.Choose(0, 9_999_999).Select(f => f.ToString("D7", CultureInfo.InvariantCulture).TrimEnd('0') + "5");
        var real = from s in sign
                   from w in Gen.Choose(0, 9999)
                   from f in fraction
                   select string.Create(CultureInfo.InvariantCulture, $"{s}{w}.{f}");
        var date = Gen.Choose(0, 3_652_058).Select(d => DateOnly.FromDayNumber(d));
        var day = date.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var time = from second in Gen.Choose(0, 86_399)
                   from micro in Gen.Elements(0, 1, 500_000, 999_999, 120)
                   select new TimeOnly((second * TimeSpan.TicksPerSecond) + (micro * TimeSpan.TicksPerMicrosecond));
        var moment = date.SelectMany(
            d => time, (d, t) => d.ToDateTime(t).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture));
        var text = Gen.ListOf(Gen.Elements(Odd)).Select(p => string.Concat(p.Take(4)));
        var column = from kind in Gen.Elements(whole, real, Gen.OneOf(whole, real), day, moment, Gen.Elements(Odd), text)
                     from others in Gen.Elements(0, 0, 1)
                     select Gen.Frequency((18, kind), (2, Gen.Constant("")), (others, Gen.Elements(Odd)));
        return Arb.From(
            from columns in Gen.ArrayOf(column, 4)
            from rows in Gen.ListOf(Gen.CollectToArray(columns))
            where rows.Count > 0
            select rows.ToArray());
    }

    private async Task<IReadOnlyList<ColumnType>> RoundTripAsync(string table, string[][] rows)
    {
        var csv = new StringBuilder();
        foreach (var row in rows.Prepend([.. rows[0].Select((_, i) => $"c{i}")]))
        {
            csv.Append(string.Join(',', row.Select(Written))).Append("\r\n");
        }

        var columns = await ImportFileAsync(table, csv.ToString());

        Assert.Equal(rows.Select(row => row.Select(cell => cell.Length == 0 ? null : cell).ToArray()), await CellsAsync(table));
        return [.. columns.Select(c => c.Type)];
    }

    private static string Written(string cell) =>
        cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<IReadOnlyList<ImportColumn>> ImportFileAsync(string table, string csv)
    {
        var file = Encoding.UTF8.GetBytes(csv);
        var layout = new CsvLayout(SourceEncodings.Utf8, ',', HasHeader: true, []);
        (layout, var fault) = await CsvHeader.ReadAsync(new MemoryStream(file), layout);
        Assert.Null(fault);
        var chunks = new List<CsvChunk>();
        var splitter = new CsvSplitter(layout, infer: true, maxErrors: 10, chunkBytes: 1000);
        var split = await splitter.RunAsync(new MemoryStream(file), (chunk, _) =>
        {
            chunks.Add(chunk with { Content = chunk.Content.ToArray() });
            return Task.CompletedTask;
        });
        RequestedColumn[] requested =
            [.. layout.Names.Zip(split.Rows.Types, (name, type) => new RequestedColumn(name, type, Given: false))];
        var columns = await Database.PrepareTableAsync(table, requested, CancellationToken.None);
        var format = new RowFormat(columns, layout.Delimiter, Exact: true);
        foreach (var chunk in chunks)
        {
            using var rows = new ChunkRows(chunk.Content, chunk.FirstLine, format, maxErrors: 10);
            var key = new ChunkKey("round-trip", table, chunk.Index);
            await Database.ImportChunkAsync(key, columns, rows, _ => Task.CompletedTask, CancellationToken.None);
            Assert.Empty(rows.Errors);
        }

        return columns;
    }
}
