using Azure.Core;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Tests.Imports;
using Chard.Platform;
using Chard.Testing;
using Moq;

namespace Chard.Functions.Tests.Operations;

/// <summary>On Azure the app refuses what would lose data there, and says at its start what to set.</summary>
public sealed class CloudTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Postgres = "Host=db.example;Username=chard;Database=chard";

    [Theory]
    [InlineData(null, "mail.example",
        "Chard:Imports:Database is a SQLite file, which Azure deletes with the instance that it lies on: set it to a connection string of "
            + "PostgreSQL (Host=...).")]
    [InlineData("Data Source=/home/imports.db", "mail.example", "Chard:Imports:Database is a SQLite file")]
    [InlineData(Postgres, null,
        "Chard:Mail:Smtp:Host is not set, and a folder of messages is deleted on Azure with the instance that it lies on: set it to a mail "
            + "server.")]
    public async Task Start_WithWhatAzureWouldDelete_IsRefused(string? database, string? mail, string refusal)
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync("func-chard", database, mail));

        Assert.Contains(refusal, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithADatabaseAndAMailServer_RunsOnAzure()
    {
        await using FunctionsTestHost host = await StartAsync("func-chard", Postgres, "mail.example");

        Assert.NotNull(host.Http);
    }

    [Fact]
    public async Task Start_OnOneMachine_TakesAFileAndAFolder()
    {
        await using FunctionsTestHost host = await StartAsync(site: null, database: null, mail: null);

        Assert.NotNull(host.Http);
    }

    [PostgresTheory]
    [InlineData("", PostgresServer.Password, true)]
    [InlineData("", "of somebody else", false)]
    [InlineData("", null, false)]
    [InlineData(";Password=" + PostgresServer.Password, "of somebody else", true)]
    public async Task Postgres_WithoutAPassword_IsEnteredByATokenOfAzure(string password, string? token, bool enters)
    {
        string connection = await server.CreateGuardedDatabaseAsync() + password;
        await using var database = new PostgresImportDatabase(connection, maxConnections: 1, token is null ? null : Entra(token));
        Task<ChunkCounts?> Look() => database.FindChunkAsync(new("import", "table", 0), CancellationToken.None);

        if (enters)
        {
            Assert.Null(await Look());
        }
        else
        {
            await Assert.ThrowsAnyAsync<Exception>(Look);
        }
    }

    private static TokenCredential Entra(string token)
    {
        var entra = new Mock<TokenCredential>();
        entra.Setup(c => c.GetTokenAsync(
                It.Is<TokenRequestContext>(r => r.Scopes.Single() == "https://ossrdbms-aad.database.windows.net/.default"),
                It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AccessToken(token, DateTimeOffset.UtcNow.AddHours(1)));
        return entra.Object;
    }

    private static Task<FunctionsTestHost> StartAsync(string? site, string? database, string? mail) =>
        FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.FunctionTypes = [typeof(HealthApi)];
            options.Settings["WEBSITE_SITE_NAME"] = site;
            if (database is not null)
            {
                options.Settings["Chard:Imports:Database"] = database;
            }

            options.Settings["Chard:Mail:Smtp:Host"] = mail;
        });
}
