using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Running;

/// <summary>A replay that schedules something else than history says fails the instance.</summary>
public sealed class DeterminismTests : DurableTest
{
    private const string ErrorType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    private int runs;

    [Fact]
    public async Task Replay_OtherActivityName_Fails() => await AssertFaultAsync((context, run) => context.CallActivityAsync(run == 1 ? "One" : "Two"));

    [Fact]
    public async Task Replay_OtherKind_Fails() => await AssertFaultAsync((context, run) =>
        run == 1 ? context.CallActivityAsync("One") : context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None));

    [Fact]
    public async Task Replay_NothingScheduled_Fails() => await AssertFaultAsync((context, run) =>
        run == 1 ? context.CallActivityAsync("One") : context.WaitForExternalEvent<string>("Never"));

    [Fact]
    public async Task Replay_OtherChildName_Fails() => await AssertFaultAsync((context, run) => context.CallSubOrchestratorAsync(run == 1 ? "ChildOne" : "ChildTwo"));

    [Fact]
    public async Task Replay_OtherInput_IsNotCompared()
    {
        var result = await ResultAsync<int>(tasks => Register(tasks).AddOrchestratorFunc(Main, async context =>
            await context.CallActivityAsync<int>("Echo", Interlocked.Increment(ref runs))));

        Assert.Equal(1, result);
    }

    [Fact]
    public async Task Replay_NameInOtherCase_IsTheSame()
    {
        var result = await ResultAsync<int>(tasks => Register(tasks).AddOrchestratorFunc(Main, async context =>
            await context.CallActivityAsync<int>(Interlocked.Increment(ref runs) == 1 ? "Echo" : "ECHO", 7)));

        Assert.Equal(7, result);
    }

    private static DurableTaskRegistry Register(DurableTaskRegistry tasks) => tasks
        .AddActivityFunc("One", _ => { })
        .AddActivityFunc("Two", _ => { })
        .AddActivityFunc<int, int>("Echo", (_, value) => value)
        .AddOrchestratorFunc("ChildOne", _ => 1)
        .AddOrchestratorFunc("ChildTwo", _ => 2);

    private async Task AssertFaultAsync(Func<TaskOrchestrationContext, int, Task> step)
    {
        var metadata = await RunAsync(tasks => Register(tasks).AddOrchestratorFunc(Main, async context =>
        {
            await step(context, Interlocked.Increment(ref runs));
            return "unreachable";
        }));

        var failure = Failure(metadata);
        Assert.Equal(ErrorType, failure.ErrorType);
        Assert.StartsWith("Non-Deterministic workflow detected: A previous execution", failure.ErrorMessage, StringComparison.Ordinal);
    }
}
