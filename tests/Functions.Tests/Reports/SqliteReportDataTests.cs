using Chard.Functions.Imports.Databases;
using Chard.Functions.Reports;
using Microsoft.Data.Sqlite;

namespace Chard.Functions.Tests.Reports;

public sealed class SqliteReportDataTests : ReportDataContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chard-reports-").FullName;
    private readonly SqliteImportDatabase _database;

    public SqliteReportDataTests() => _database = new SqliteImportDatabase("Data Source=imports.db", _folder);

    private protected override IImportDatabase Database => _database;

    private protected override IReportData Data => new SqliteReportData(_database);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Contract_Case_Holds(string name) => RunAsync(name);

    [Fact]
    public async Task Count_TokenFiresWhileTheQueryRuns_IsInterrupted()
    {
        await using (SqliteConnection connection = await _database.OpenAsync(default))
        {
            // A view without an end: only an interrupt brings the query back.
            await using SqliteCommand command = SqliteImportDatabase.Command(
                connection, "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
            await command.ExecuteNonQueryAsync();
        }

        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Task<TableCounts> query = Task.Run(() => Data.CountAsync("endless", ["i"], cancel.Token));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(TimeSpan.FromMinutes(2)));
    }

    public void Dispose()
    {
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
