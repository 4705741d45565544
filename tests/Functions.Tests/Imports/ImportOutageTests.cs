using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net;
using System.Text;
using System.Text.Json;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;
using Chard.Functions.Tests.Flows;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tests.Imports;

/// <summary>
/// The database goes away in the middle of an import and stays away until no try is left: its files are moved, and SQLite finds that it
/// cannot open them.
/// </summary>
public sealed class ImportOutageTests : IAsyncLifetime
{
    private const int Rows = 150_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("chard-outage-").FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Import_Parked_GoesOnAfterARetryWithEveryRowOnce()
    {
        await using FlowHost host = await StartAsync("Park");
        string id = await UploadAsync(host);

        JsonElement[] letters = await ParkedAsync(host, id);
        Assert.All(letters, letter =>
        {
            Assert.Equal(
            ("ImportCsv", "ImportChunk", "sqlite-14"),
            (Text(letter, "workflow"), Text(letter, "task"), Text(letter, "class")));
            Assert.Equal(6, letter.GetProperty("attempts").GetInt32());
        });

        BringBack();
        foreach (JsonElement letter in letters)
        {
            using HttpResponseMessage retry = await host.App.Http.PostAsync($"/api/dead-letters/{Text(letter, "id")}/retry", null);
            Assert.True(retry.IsSuccessStatusCode, await retry.Content.ReadAsStringAsync());
        }

        JsonElement result = await host.ResultAsync(id);
        Assert.Equal((Rows, 0), (result.GetProperty("imported").GetInt32(), result.GetProperty("rejected").GetInt32()));
        Assert.Equal($"{Rows}|{Rows}", Imported("SELECT count(*) || '|' || count(DISTINCT id) FROM people"));
    }

    [Fact]
    public async Task Import_NotParked_FailsWithADeadLetterAndTriesNoOtherChunk()
    {
        await using FlowHost host = await StartAsync("Fail");
        string id = await UploadAsync(host);

        JsonElement error = (await host.EndAsync(id)).GetProperty("error");

        Assert.Equal(("sqlite-14", "ImportChunk"), (Text(error, "code"), Text(error, "task")));
        Assert.Single(await LettersAsync(host, id));
        BringBack();
        Assert.Equal("0", Imported("SELECT count(*) || '' FROM people"));
    }

    private static string? Text(JsonElement document, string member) => document.GetProperty(member).GetString();

    private static async Task<JsonElement[]> LettersAsync(FlowHost host, string id) =>
        [
            .. (await host.App.Http.GetFromJsonAsync<JsonElement>($"/api/dead-letters?workflowId={id}"))
                .GetProperty("deadLetters").EnumerateArray(),
        ];

    private static async Task<JsonElement[]> ParkedAsync(FlowHost host, string id)
    {
        JsonElement[] letters = [];
        await host.UntilAsync(id, "parked");
        await Eventually.TrueAsync("both chunks are parked", async () => (letters = await LettersAsync(host, id)).Length == 2);
        return letters;
    }

    private static async Task<string> UploadAsync(FlowHost host)
    {
        var csv = new StringBuilder("id,name\n");
        for (int i = 1; i <= Rows; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i},the name of number {i}\n");
        }

        using var body = new StringContent(csv.ToString(), Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
        using HttpResponseMessage answer = await host.App.Http.PostAsync("/api/imports?table=people", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        return Text(JsonElement.Parse(text), "id")!;
    }

    /// <summary>The app, on a database that goes away once the table is made.</summary>
    private Task<FlowHost> StartAsync(string onExhausted) => FlowHost.StartAsync(options =>
    {
        options.Settings["Chard:Imports:Folder"] = _folder;
        options.Settings["Chard:Imports:ChunksInFlight"] = onExhausted == "Park" ? "2" : "1";
        options.Settings["Chard:Tasks:ImportChunk:OnExhausted"] = onExhausted;
        options.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<IImportDatabase>(provider =>
            new GoingAway(ImportDatabases.Create(provider.GetRequiredService<IOptions<ImportOptions>>().Value), TakeAway))));
    });

    private void TakeAway()
    {
        SqliteConnection.ClearAllPools();
        Directory.CreateDirectory(Path.Combine(_folder, "away"));
        foreach (string file in Directory.GetFiles(_folder, "imports.db*"))
        {
            File.Move(file, Path.Combine(_folder, "away", Path.GetFileName(file)));
        }

        // Else SQLite would make an empty file.
        Directory.CreateDirectory(Path.Combine(_folder, "imports.db"));
    }

    private void BringBack()
    {
        Directory.Delete(Path.Combine(_folder, "imports.db"));
        foreach (string file in Directory.GetFiles(Path.Combine(_folder, "away")))
        {
            File.Move(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }

    private string Imported(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "imports.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>The database itself, which is taken away when it has prepared a table for the first time.</summary>
    private sealed class GoingAway(IImportDatabase database, Action takeAway) : IImportDatabase
    {
        private int _prepared;

        public async Task<IReadOnlyList<ImportColumn>> PrepareTableAsync(
            string table, IReadOnlyList<RequestedColumn> columns, CancellationToken cancellationToken)
        {
            IReadOnlyList<ImportColumn> prepared = await database.PrepareTableAsync(table, columns, cancellationToken);
            if (Interlocked.Exchange(ref _prepared, 1) == 0)
            {
                takeAway();
            }

            return prepared;
        }

        public Task<ChunkCounts?> FindChunkAsync(ChunkKey key, CancellationToken cancellationToken) =>
            database.FindChunkAsync(key, cancellationToken);

        public Task<ChunkCounts> ImportChunkAsync(
            ChunkKey key,
            IReadOnlyList<ImportColumn> columns,
            ChunkRows rows,
            Func<CancellationToken, Task> beforeCommit,
            CancellationToken cancellationToken) =>
            database.ImportChunkAsync(key, columns, rows, beforeCommit, cancellationToken);

        public Task ForgetAsync(string workflowId, CancellationToken cancellationToken) =>
            database.ForgetAsync(workflowId, cancellationToken);
    }
}
