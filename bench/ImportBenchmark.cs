using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Chard.Bench;

/// <summary>
/// The figures of <c>ImportCsv</c>: the app on the local host, with Azurite and a SQLite file, takes a CSV file over HTTP and imports it.
/// What is measured is the time from the first byte sent until the status says completed, and the most memory of host and worker.
/// </summary>
internal static class ImportBenchmark
{
    private const long Megabyte = 1_000_000;

    /// <summary>Speed and memory at 10 and at 500 MB, each in a fresh process.</summary>
    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options)
    {
        foreach (long megabytes in new[] { 10, 500 })
        {
            await using BenchHost host = await BenchHost.StartAsync(BenchHost.OutputOf("src", "Functions"), options);
            await ImportAsync(host.Client, Megabyte); // so that the compiler's work is not measured
            TimeSpan took = await ImportAsync(host.Client, megabytes * Megabyte);
            yield return new Figure("import", megabytes, megabytes / took.TotalSeconds, "MB/s");
            yield return new Figure("import-peak", megabytes, host.PeakMegabytes, "MB");
        }
    }

    private static async Task<TimeSpan> ImportAsync(HttpClient client, long bytes)
    {
        long since = Stopwatch.GetTimestamp();
        using var content = new CsvContent(bytes);
        using HttpResponseMessage accepted = await client.PostAsync(new Uri($"/api/imports?table=rows_{bytes}", UriKind.Relative), content);
        if (accepted.StatusCode != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException(
                $"The import was answered {accepted.StatusCode}: {await accepted.Content.ReadAsStringAsync()}");
        }

        string? id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        while (true)
        {
            // The call waits at the app until the status changes.
            JsonElement status = await client.GetFromJsonAsync<JsonElement>(new Uri($"/api/workflows/{id}?wait=5", UriKind.Relative));
            switch (status.GetProperty("status").GetString())
            {
                case "completed":
                    return Stopwatch.GetElapsedTime(since);
                case "failed":
                    throw new InvalidOperationException($"The import has failed: {status}");
            }
        }
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
