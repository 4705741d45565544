using Chard.Domain.Workflows;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

public sealed class ImportFailureTests
{
    [Fact]
    public void Describe_MessageOfAFault_GivesItsCodeAndTextBack()
    {
        var failure = ImportFailure.Of(new ImportFault("table-mismatch", "The table: it is another.\nGive another."));

        Assert.Equal(
            new WorkflowError("table-mismatch", "The table: it is another.\nGive another.", "SplitCsv"),
            ImportFailure.Describe("SplitCsv", failure.Message));
    }

    [Theory]
    [InlineData("Connection refused (127.0.0.1:1)", "Connection refused (127.0.0.1:1)")]
    [InlineData("Warning: two words", "Warning: two words")]
    [InlineData(null, "The step failed and gave no reason.")]
    [InlineData(" ", "The step failed and gave no reason.")]
    public void Describe_OtherMessage_KeepsItAndSaysOnlyThatTheImportFailed(string? message, string text) =>
        Assert.Equal(new WorkflowError("import-failed", text, "SplitCsv"), ImportFailure.Describe("SplitCsv", message));

    [Theory]
    [InlineData("Chard.Domain.Failures.PermanentTaskException", false)]
    [InlineData("Chard.Domain.Failures.TransientTaskException", true)]
    [InlineData("Azure.RequestFailedException", true)]
    [InlineData("(unknown)", true)]
    [InlineData(null, true)]
    public void IsRetried_TypeOfFailure_OnlyPermanentIsNot(string? type, bool retried) =>
        Assert.Equal(retried, ImportFailure.IsRetried(type));

    [Fact]
    public void IsRetried_WhatOfThrows_IsNot() =>
        Assert.False(ImportFailure.IsRetried(ImportFailure.Of(new ImportFault("a-b", "x")).GetType().FullName));
}
