using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Tests.Engine;

/// <summary>Five orchestrations whose result depends on every step: a lost or doubled one changes it.</summary>
internal static class CrashPrograms
{
    public static TestFunctions Functions() => new TestFunctions()
        .Activity<int, int>("Double", x => x * 2)
        .Activity<int, int>("Fails", x => x % 2 == 0 ? x : throw new TimeoutException($"odd {x}"))
        .Orchestrator("Chain", ChainAsync)
        .Orchestrator("FanOut", FanOutAsync)
        .Orchestrator("Retries", RetriesAsync)
        .Orchestrator("Children", ChildrenAsync)
        .Orchestrator("Child", ChildAsync)
        .Orchestrator("Loop", LoopAsync);

    /// <summary>What the caller sends while the program runs.</summary>
    public static IEnumerable<Func<DurableTaskClient, Task>> EventsOf(string program) => program switch
    {
        // Sent again after a crash: the program takes each number once, as a receiver of at-least-once messages has to.
        "Children" => Enumerable.Range(0, 3).Select(i => (Func<DurableTaskClient, Task>)(client => client.RaiseEventAsync("root", "go", i))),
        "Loop" => Enumerable.Range(0, 3).Select(i => (Func<DurableTaskClient, Task>)(client => client.RaiseEventAsync("root", "n", i))),
        _ => [],
    };

    private static async Task<string> ChainAsync(TaskOrchestrationContext context)
    {
        var value = context.GetInput<int>();
        var guid = context.NewGuid();
        for (var i = 0; i < 4; i++)
        {
            context.SetCustomStatus(i);
            value = await context.CallActivityAsync<int>("Double", value);
        }

        return $"{value} {guid != context.NewGuid()}";
    }

    private static async Task<string> FanOutAsync(TaskOrchestrationContext context)
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Double", i)));
        var again = await Task.WhenAll(results.Select(i => context.CallActivityAsync<int>("Double", i)));
        return string.Join(',', again);
    }

    private static async Task<string> RetriesAsync(TaskOrchestrationContext context)
    {
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1)));
        var good = await context.CallActivityAsync<int>("Fails", 2, retry);
        try
        {
            await context.CallActivityAsync<int>("Fails", 3, retry);
            return "no failure";
        }
        catch (TaskFailedException failed)
        {
            return $"{good} #{failed.TaskId} {failed.FailureDetails.ErrorMessage}";
        }
    }

    private static async Task<string> ChildrenAsync(TaskOrchestrationContext context)
    {
        var children = Enumerable.Range(0, 3).Select(i => context.CallSubOrchestratorAsync<int>("Child", i, new SubOrchestrationOptions { InstanceId = $"child{i}" })).ToList();
        var seen = new SortedSet<int>();
        while (seen.Count < 3)
        {
            var number = await context.WaitForExternalEvent<int>("go");
            if (seen.Add(number))
            {
                context.SendEvent($"child{number}", "start", number + 10);
            }
        }

        return string.Join(',', await Task.WhenAll(children));
    }

    private static async Task<int> ChildAsync(TaskOrchestrationContext context)
    {
        var sent = await context.WaitForExternalEvent<int>("start");
        return await context.CallActivityAsync<int>("Double", sent) + context.GetInput<int>();
    }

    private static async Task<string> LoopAsync(TaskOrchestrationContext context)
    {
        // The first input is a number: the loop has not begun.
        var state = context.GetInput<object>() is System.Text.Json.JsonElement { ValueKind: System.Text.Json.JsonValueKind.Array } ? context.GetInput<SortedSet<int>>()! : [];
        var number = await context.WaitForExternalEvent<int>("n");
        state.Add(await context.CallActivityAsync<int>("Double", number));
        if (state.Count < 3)
        {
            context.ContinueAsNew(state);
        }

        return string.Join(',', state);
    }
}
