using Chard.Domain.Failures;

namespace Chard.Domain.Tests.Failures;

/// <summary>What is stored of an exception's type stays when code moves.</summary>
public sealed class FailureTypeTests
{
    /// <summary>A class that is renamed makes a new kind: what is under way has the old name. Keep both then.</summary>
    [Fact]
    public void Names_AreThoseOfTheClasses()
    {
        Assert.Equal("PermanentTaskException", FailureType.Of(new PermanentTaskException("c", "m")));
        Assert.Equal("TransientTaskException", FailureType.Of(new TransientTaskException("c", "m")));
        Assert.Equal("RateLimitedTaskException", FailureType.Of(new RateLimitedTaskException("c", "m", null)));
        Assert.Equal("TaskExhaustedException", FailureType.Of(new TaskExhaustedException("Echo", "0", TaskFailure.Cancelled, 1)));
        Assert.Equal("System.Collections.Generic.KeyNotFoundException", FailureType.Of(new KeyNotFoundException()));
        Assert.Equal("PermanentTaskException", FailureType.Permanent);
        Assert.Equal("TransientTaskException", FailureType.Transient);
        Assert.Equal("RateLimitedTaskException", FailureType.RateLimited);
        Assert.Equal("TaskExhaustedException", FailureType.Exhausted);
        Assert.Equal("System.Collections.Generic.KeyNotFoundException", FailureType.Missing);
    }

    [Theory]
    [InlineData("Chard.Domain.Failures.PermanentTaskException", "PermanentTaskException")]
    [InlineData("Chard.Elsewhere.By.Then.PermanentTaskException", "PermanentTaskException")]
    [InlineData("PermanentTaskException", "PermanentTaskException")]
    [InlineData("Chard.Running.TaskRunner+UnrecordedException", "UnrecordedException")]
    [InlineData("Contoso.Orders.PermanentTaskException", "Contoso.Orders.PermanentTaskException")]
    [InlineData("System.TimeoutException", "System.TimeoutException")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Of_TheProductsOwn_HasNoNamespace(string? fullName, string stored) => Assert.Equal(stored, FailureType.Of(fullName));

    [Theory]
    [InlineData("Chard.Domain.Failures.", FailureType.Permanent, FailureKind.Permanent)]
    [InlineData("Chard.Moved.", FailureType.Permanent, FailureKind.Permanent)]
    [InlineData("", FailureType.Permanent, FailureKind.Permanent)]
    [InlineData("Chard.Moved.", FailureType.RateLimited, FailureKind.RateLimited)]
    [InlineData("Chard.Moved.", FailureType.Transient, FailureKind.Transient)]
    public void Parse_WhateverTheNamespaceWas_KnowsTheKind(string scope, string type, FailureKind kind) =>
        Assert.Equal(new TaskFailure(kind, "declined", "no money"), TaskFailure.Parse(scope + type, "declined: no money"));

    [Fact]
    public void Parse_AnothersTypeOfTheSameName_IsNoKindOfOurs() =>
        Assert.Equal(FailureKind.Transient, TaskFailure.Parse("Contoso.PermanentTaskException", "declined: no money").Kind);
}
