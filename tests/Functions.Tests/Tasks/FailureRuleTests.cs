using Azure;
using Azure.Data.Tables;
using Chard.Domain.Failures;
using Chard.Functions.Imports.Databases;
using Chard.Running;
using Chard.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Chard.Functions.Tests.Tasks;

public sealed class FailureRuleTests
{
    private static readonly FailureClassifier Classifier = new([new AzureFailureRule(), new DatabaseFailureRule()]);

    [Theory]
    [InlineData(404, "ResourceNotFound", FailureKind.Permanent, "azure-ResourceNotFound")]
    [InlineData(409, "EntityAlreadyExists", FailureKind.Permanent, "azure-EntityAlreadyExists")]
    [InlineData(429, null, FailureKind.RateLimited, "http-429")]
    [InlineData(500, "OperationTimedOut", FailureKind.Transient, "azure-OperationTimedOut")]
    [InlineData(503, "ServerBusy", FailureKind.Transient, "azure-ServerBusy")]
    [InlineData(0, null, FailureKind.Transient, "azure-unreachable")]
    public void Classify_AzureFailure_GoesByStatusAndErrorCode(int status, string? code, FailureKind kind, string expected)
    {
        TaskFailure failure = Classifier.Classify(
            new InvalidOperationException("outer", new RequestFailedException(status, "first line\nsecond line", code, null)), default);

        Assert.Equal((kind, expected, "first line"), (failure.Kind, failure.Code, failure.Message));
    }

    [Fact]
    public async Task Classify_AnswerOfAService_IsReadFromTheResponse()
    {
        using StorageAccount account = await StorageAccount.OpenAsync();
        account.App.Fail(_ => true, StorageFault.Busy, times: 100);
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        var table = new TableClient(account.ConnectionString, "rows", options);

        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal(
            (FailureKind.Transient, "azure-ServerBusy"),
            (Classifier.Classify(failed, default).Kind, Classifier.Classify(failed, default).Code));
    }

    [Theory]
    [InlineData(5, FailureKind.Transient)]
    [InlineData(6, FailureKind.Transient)]
    [InlineData(10, FailureKind.Transient)]
    [InlineData(13, FailureKind.Transient)]
    [InlineData(14, FailureKind.Transient)]
    [InlineData(1, FailureKind.Permanent)]
    [InlineData(19, FailureKind.Permanent)]
    public void Classify_SqliteFailure_GoesByItsErrorCode(int code, FailureKind kind)
    {
        TaskFailure failure = Classifier.Classify(new SqliteException("database says no", code), default);

        Assert.Equal((kind, $"sqlite-{code}"), (failure.Kind, failure.Code));
    }

    [Theory]
    [InlineData("57014", FailureKind.Transient)]
    [InlineData("40001", FailureKind.Transient)]
    [InlineData("42501", FailureKind.Permanent)]
    public void Classify_PostgresFailure_GoesByTheClassOfItsState(string state, FailureKind kind)
    {
        TaskFailure failure = Classifier.Classify(new PostgresException("database says no", "ERROR", "ERROR", state), default);

        Assert.Equal((kind, $"db-{state}"), (failure.Kind, failure.Code));
    }
}
