using Chard.Functions.Imports.Databases;
using Chard.Functions.Reports;
using Chard.Functions.Tests.Imports;

namespace Chard.Functions.Tests.Reports;

[Trait("Category", "Postgres")]
public sealed class PostgresReportDataTests(PostgresServer server) : ReportDataContract, IClassFixture<PostgresServer>
{
    private PostgresImportDatabase? _database;

    private protected override IImportDatabase Database => _database!;

    private protected override IReportData Data => new PostgresReportData(_database!);

    [PostgresTheory]
    [MemberData(nameof(Cases))]
    public async Task Contract_Case_Holds(string name)
    {
        await using var database = new PostgresImportDatabase(await server.CreateDatabaseAsync(), maxConnections: 4);
        _database = database;
        await RunAsync(name);
    }
}
