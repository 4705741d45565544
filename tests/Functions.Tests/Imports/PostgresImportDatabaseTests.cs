using Chard.Functions.Imports.Databases;
using Npgsql;

namespace Chard.Functions.Tests.Imports;

[Trait("Category", "Postgres")]
public sealed class PostgresImportDatabaseTests(PostgresServer server) : ImportDatabaseContract, IClassFixture<PostgresServer>
{
    private string _connectionString = "";
    private IImportDatabase? _database;

    private protected override IImportDatabase Database => _database!;

    [PostgresTheory]
    [MemberData(nameof(Cases))]
    public async Task Contract_Case_Holds(string name)
    {
        _connectionString = await server.CreateDatabaseAsync();
        await using var database = new PostgresImportDatabase(_connectionString, maxConnections: 4);
        _database = database;
        await RunAsync(name);
    }

    private protected override async Task<IReadOnlyList<string?[]>> CellsAsync(string table)
    {
        await using var source = NpgsqlDataSource.Create($"{_connectionString};Timezone=UTC");
        return await CellsAsync(source, table, "ctid");
    }
}
