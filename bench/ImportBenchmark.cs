using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chard.Emulator.Azurite;

namespace Chard.Bench;

/// <summary>
/// The figures of <c>ImportCsv</c>: the app as a process of its own, with Azurite and a SQLite file, takes a CSV file over HTTP and imports it. What is measured is
/// the time from the first byte sent until the status says completed, and the resident memory of the app's process at its highest.
/// </summary>
internal static class ImportBenchmark
{
    private const long Megabyte = 1_000_000;

    /// <summary>Speed and memory at 10 and at 500 MB, each in a fresh process. The history is always a file.</summary>
    public static async IAsyncEnumerable<Figure> RunAsync(bool inMemory)
    {
        foreach (long megabytes in new[] { 10, 500 })
        {
            await using ImportApp app = await ImportApp.StartAsync();
            await app.ImportAsync(Megabyte); // so that the compiler's work is not measured
            TimeSpan took = await app.ImportAsync(megabytes * Megabyte);
            yield return new Figure("import", megabytes, megabytes / took.TotalSeconds, "MB/s");
            yield return new Figure("import-peak", megabytes, app.PeakMemory / (double)Megabyte, "MB");
        }
    }

    /// <summary>The app, its storage and its folder; all gone at the end.</summary>
    private sealed class ImportApp : IAsyncDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("chard-bench-import-").FullName;
        private readonly AzuriteProcess azurite;
        private readonly Process process;
        private readonly HttpClient client;

        private ImportApp(AzuriteProcess azurite)
        {
            this.azurite = azurite;
            process = new Process
            {
                StartInfo = new ProcessStartInfo("dotnet", ["exec", AppPath(), "--port", "0", "--data", folder])
                {
                    RedirectStandardOutput = true,
                    Environment = { ["AzureWebJobsStorage"] = azurite.ConnectionString },
                },
            };
            process.Start();
            client = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        }

        /// <summary>In bytes.</summary>
        public long PeakMemory
        {
            get
            {
                process.Refresh();
                return process.PeakWorkingSet64;
            }
        }

        public static async Task<ImportApp> StartAsync()
        {
            var app = new ImportApp(await AzuriteProcess.StartAsync());
            try
            {
                await app.ListenAsync();
                return app;
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        }

        public async Task<TimeSpan> ImportAsync(long bytes)
        {
            var since = Stopwatch.GetTimestamp();
            using var content = new CsvContent(bytes);
            using var accepted = await client.PostAsync(new Uri($"/api/imports?table=rows_{bytes}", UriKind.Relative), content);
            if (accepted.StatusCode != HttpStatusCode.Accepted)
            {
                throw new InvalidOperationException($"The import was answered {accepted.StatusCode}: {await accepted.Content.ReadAsStringAsync()}");
            }

            var id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
            while (true)
            {
                // The call waits at the app until the status changes.
                var status = await client.GetFromJsonAsync<JsonElement>(new Uri($"/api/workflows/{id}?wait=5", UriKind.Relative));
                switch (status.GetProperty("status").GetString())
                {
                    case "completed":
                        return Stopwatch.GetElapsedTime(since);
                    case "failed":
                        throw new InvalidOperationException($"The import has failed: {status}");
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
            await azurite.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        // The listing of functions tells the port that was free.
        private async Task ListenAsync()
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.Split("[POST] ") is [_, var url] && url.EndsWith("/api/imports", StringComparison.Ordinal))
                {
                    client.BaseAddress = new Uri(new Uri(url), "/");

                    // A pipe that nobody empties would stop the app.
                    _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                    return;
                }
            }

            throw new InvalidOperationException("The app has ended instead of listening. Run it by hand to see why: dotnet run --project src/Functions");
        }

        private static string AppPath()
        {
            // The same configuration and framework as this program, which is built with it: …/bench/bin/Release/net10.0/.
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            for (var root = own; root is not null; root = root.Parent)
            {
                if (File.Exists(Path.Combine(root.FullName, "Functions.sln")))
                {
                    return Path.Combine(root.FullName, "src", "Functions", "bin", own.Parent!.Name, own.Name, "Chard.Functions.dll");
                }
            }

            throw new InvalidOperationException($"No folder above {own} holds Functions.sln.");
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
                rows.Append(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i},Name of customer {i},{i}.25,2026-{(i % 12) + 1:00}-{(i % 28) + 1:00},\"A note, with a comma, on row {i}\"\n"));
            }

            return Encoding.UTF8.GetBytes(rows.ToString());
        }
    }
}
