using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Chard.Testing;

namespace Chard.Bench;

/// <summary>
/// The figures of <c>ImportCsv</c>: the app on the local host, with Azurite and a SQLite file, takes a CSV file over HTTP and imports it.
/// What is measured is the time from the first byte sent until the status says completed, and the most memory of host and worker.
/// </summary>
internal static class ImportBenchmark
{
    private const long Megabyte = 1_000_000;

    // The Azurite whose requests are counted keeps all in memory.
    private const int Counted = 100;

    private static readonly int[] Sizes = [10, 100, 500, 1_000];

    /// <summary>Speed and memory at 10, 100, 500 and 1,000 MB as far as <paramref name="largest"/>, each in a fresh process.</summary>
    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, int largest)
    {
        foreach (int megabytes in Sizes.Where(size => size <= largest && !options.RequestsOnly))
        {
            await using (BenchHost host = await BenchHost.StartAsync(Shapes.App, options))
            {
                await ImportAsync(host, Megabyte); // so that the compiler's work is not measured
                var meter = new Meter(host);
                await ImportAsync(host, megabytes * Megabyte);
                meter.Stop();
                yield return new Figure("import", megabytes, megabytes / meter.Took.TotalSeconds, "MB/s");
                yield return new Figure("import.peak", megabytes, host.PeakMegabytes, "MB");
                foreach (Figure figure in ShapeBenchmark.CpuOf("import", megabytes, "MB", [meter]))
                {
                    yield return figure;
                }
            }
        }

        using StorageAccount account = await StorageAccount.OpenAsync();
        await using BenchHost counted = await BenchHost.StartAsync(Shapes.App, options, account);
        await ImportAsync(counted, Megabyte);
        var count = new Meter(counted, account);
        await ImportAsync(counted, Counted * Megabyte);
        count.Stop();
        foreach (Figure figure in StorageCost.Of("import", Counted, "MB", count, options))
        {
            yield return figure;
        }
    }

    private static async Task ImportAsync(BenchHost host, long bytes)
    {
        var client = new AppClient(host.Client);
        using var content = new CsvContent(bytes);
        await client.CompletedAsync(await client.StartAsync(new Uri($"/api/imports?table=rows_{bytes}", UriKind.Relative), content));
    }

    /// <summary>A CSV file of a given size, made while it is sent: five columns, of every type, one of them quoted.</summary>
    private sealed class CsvContent : HttpContent
    {
        private static readonly byte[] Header = "id,name,price,day,note\n"u8.ToArray();
        private static readonly byte[] Rows = MakeRows();
        private readonly long bytes;

        public CsvContent(long bytes)
        {
            this.bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Header);
            for (long sent = 0; sent < bytes; sent += Rows.Length)
            {
                await stream.WriteAsync(Rows);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        // About a tenth of a megabyte of whole rows.
        private static byte[] MakeRows()
        {
            var rows = new StringBuilder();
            for (var i = 1; rows.Length < Megabyte / 10; i++)
            {
                rows.Append(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{i},Name of customer {i},{i}.25,2026-{(i % 12) + 1:00}-{(i % 28) + 1:00},\"A note, with a comma, on row {i}\"\n"));
            }

            return Encoding.UTF8.GetBytes(rows.ToString());
        }
    }
}
