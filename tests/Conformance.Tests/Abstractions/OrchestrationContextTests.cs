using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Abstractions;

/// <summary>What the base class does for contexts that tests write: its overloads lead to the abstract members.</summary>
public sealed class OrchestrationContextTests
{
    private readonly FakeOrchestrationContext context = new();
    private readonly TaskOptions options = TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task CallActivity_EveryOverload_LeadsToTheGenericOne()
    {
        await context.CallActivityAsync("A", "in", options);
        await context.CallActivityAsync("A", options);
        await context.CallActivityAsync<int>("A", options);

        Assert.Equal(["activity A in True Object", "activity A null True Object", "activity A null True Int32"], context.Calls);
    }

    [Fact]
    public async Task CallSubOrchestrator_EveryOverload_LeadsToTheGenericOne()
    {
        await context.CallSubOrchestratorAsync("C", "in", options);
        await context.CallSubOrchestratorAsync("C", options);
        await context.CallSubOrchestratorAsync<int>("C", options);

        Assert.Equal(["child C in True Object", "child C null True Object", "child C null True Int32"], context.Calls);
    }

    [Fact]
    public async Task CreateTimer_Delay_IsFromTheContextsClock()
    {
        await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);

        Assert.Equal([$"timer {FakeOrchestrationContext.Time.AddMinutes(5):O}"], context.Calls);
    }

    [Fact]
    public async Task WaitForExternalEvent_TimerThatHasFired_CancelsTheWait()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.WaitForExternalEvent<string>("E", TimeSpan.FromMinutes(5)));

        Assert.Equal([$"timer {FakeOrchestrationContext.Time.AddMinutes(5):O}", "event E"], context.Calls);
    }

    [Fact]
    public void Defaults_AreEmptyAndEntitiesAreOff()
    {
        Assert.Equal(string.Empty, context.Version);
        Assert.Empty(context.Properties);
        Assert.Throws<NotSupportedException>(() => context.Entities);
        Assert.NotNull(context.CreateReplaySafeLogger("category"));
        Assert.NotNull(context.ReplaySafeLoggerFactory);
    }

    [Fact]
    public async Task Pageable_FromAFunction_WalksToTheLastPage()
    {
        var pages = Pageable.Create<int>((token, size, _) => Task.FromResult(new Page<int>([int.Parse(token ?? "0", null), size ?? -1], token == "2" ? null : $"{int.Parse(token ?? "0", null) + 1}")));
        List<int> values = [];
        await foreach (var value in pages)
        {
            values.Add(value);
        }

        List<string?> tokens = [];
        await foreach (var page in pages.AsPages("1", 5))
        {
            tokens.Add($"{page.Values[0]}/{page.Values[1]} {page.ContinuationToken}");
        }

        Assert.Equal([0, -1, 1, -1, 2, -1], values);
        Assert.Equal(["1/5 2", "2/5 "], tokens);
    }
}
