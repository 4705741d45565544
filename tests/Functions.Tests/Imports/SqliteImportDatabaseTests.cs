using Chard.Domain.Failures;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;
using Microsoft.Data.Sqlite;

namespace Chard.Functions.Tests.Imports;

public sealed class SqliteImportDatabaseTests : ImportDatabaseContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chard-imports-").FullName;
    private readonly SqliteImportDatabase _database;

    public SqliteImportDatabaseTests() => _database = new SqliteImportDatabase("Data Source=deep/imports.db", _folder);

    private protected override IImportDatabase Database => _database;

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Contract_Case_Holds(string name) => RunAsync(name);

    [Fact]
    public async Task PrepareTable_FileIsNoDatabase_FailsForGood()
    {
        var file = Path.Combine(_folder, "other.db");
        await File.WriteAllTextAsync(file, new string('x', 4096));
        using var database = new SqliteImportDatabase($"Data Source={file}", _folder);

        var failure = await Assert.ThrowsAsync<PermanentTaskException>(
            () => database.PrepareTableAsync("t", [new("id", ColumnType.Integer, false)], CancellationToken.None));

        Assert.Equal("database-refused", failure.Code);
    }

    [Fact]
    public async Task PrepareTable_TableMadeByAnotherHand_FailsForGoodAndNamesTheColumn()
    {
        await _database.PrepareTableAsync("t", [new("id", ColumnType.Integer, false)], CancellationToken.None);
        await using (var connection = new SqliteConnection($"Data Source={_database.File}"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE u (id BLOB)";
            await command.ExecuteNonQueryAsync();
        }

        var failure = await Assert.ThrowsAsync<PermanentTaskException>(
            () => _database.PrepareTableAsync("u", [new("id", ColumnType.Integer, false)], CancellationToken.None));

        Assert.Contains("its column 'id' holds another type", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private protected override async Task<IReadOnlyList<string?[]>> CellsAsync(string table)
    {
        await using var source = SqliteFactory.Instance.CreateDataSource($"Data Source={_database.File};Mode=ReadOnly");
        return await CellsAsync(source, table, "rowid");
    }
}
