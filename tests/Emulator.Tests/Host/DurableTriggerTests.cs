using System.Text.Json;
using Chard.Emulator.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Hosting;

namespace Chard.Emulator.Tests.Host;

public sealed class DurableTriggerTests
{
    [Fact]
    public async Task Orchestration_WithTypedInput_RunsItsActivities()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        var done = await RunAsync(host, "greet", new Name("Ada", 2));

        Assert.Equal("Hello Ada, Hello Ada from greeting-1", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Json_OfDurableValues_IsPascalCaseWithoutFieldsAndReadWhateverTheCase()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        var done = await RunAsync(host, "Describe", JsonDocument.Parse("""{"first":"Ada","TIMES":3}""").RootElement);

        Assert.Equal("""{"First":"Ada","Times":3}""", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task OrchestratorInput_OfAnotherDeclaredType_StaysNull()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        Assert.Equal("null", (await RunAsync(host, "Nullable", 5)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ActivityFailure_WithInnerExceptions_ArrivesAsItWas()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        var done = await RunAsync(host, "Catches", null);

        Assert.Equal("System.InvalidOperationException: outer <- System.FormatException: inner", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task ActivityInput_ThatDoesNotFit_FailsTheActivityBeforeItRuns()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        var done = await RunAsync(host, "Misfit", null);

        Assert.Equal(typeof(FunctionInputConverterException).FullName, done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Entity_DispatchedToAState_KeepsItAcrossCalls()
    {
        await using var host = await HostApp.StartAsync([typeof(Counters)]);

        Assert.Equal(5, (await RunAsync(host, "Count", null)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Middleware_AroundDurableFunctions_SeesAndChangesResults()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)], builder: b => b.UseMiddleware(async (context, next) =>
        {
            await next();
            if (context.FunctionDefinition.Name == "Greet")
            {
                context.GetInvocationResult().Value = "changed";
            }
        }));

        Assert.Equal("changed, changed from greeting-1", (await RunAsync(host, "greet", new Name("Ada", 2))).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Crash_InTheMiddle_GoesOnAfterTheRestart()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)], o => o.FileHistory = true);
        await host.Durable.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("w1"));
        await host.Durable.WaitForInstanceStartAsync("w1");

        await host.CrashAsync();
        await host.StartAsync();
        await host.Durable.RaiseEventAsync("w1", "go", "after");

        Assert.Equal("Hello after", (await host.Durable.WaitForInstanceCompletionAsync("w1", true)).ReadOutputAs<string>());
    }

    private static async Task<OrchestrationMetadata> RunAsync(FunctionsTestHost host, string name, object? input)
    {
        var id = await host.Durable.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions("greeting-1"));
        var done = await host.Durable.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        Assert.True(done.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{done.RuntimeStatus}: {done.FailureDetails}");
        return done;
    }

    public sealed record Name(string First, int Times)
    {
#pragma warning disable CA1051 // A field, to see that the worker's JSON leaves it out.
        public int Hidden = 1;
#pragma warning restore CA1051
    }

    public static class Greetings
    {
        [Function("Greet")]
        public static string Greet([ActivityTrigger] string name) => $"Hello {name}";

        [Function("GreetAll")]
        public static async Task<string> GreetAll([OrchestrationTrigger(Orchestration = "greet")] TaskOrchestrationContext context, Name input)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, input.Times).Select(_ => context.CallActivityAsync<string>("Greet", input.First)));
            return await context.CallActivityAsync<string>("Join", all);
        }

        [Function("Join")]
        public static string Join([ActivityTrigger] string[] parts, string instanceId) => $"{string.Join(", ", parts)} from {instanceId}";

        [Function("Describe")]
        public static async Task<string> Describe([OrchestrationTrigger] TaskOrchestrationContext context, Name input) =>
            (await context.CallActivityAsync<JsonElement>("Same", input)).GetRawText();

        [Function("Same")]
        public static object Same([ActivityTrigger] JsonElement input) => input;

        [Function("Nullable")]
        public static string Nullable([OrchestrationTrigger] TaskOrchestrationContext context, int? input) => input?.ToString() ?? "null";

        [Function("Catches")]
        public static async Task<string> Catches([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.CallActivityAsync("Throws");
                return "nothing";
            }
            catch (TaskFailedException error)
            {
                return $"{error.FailureDetails} <- {error.FailureDetails.InnerFailure}";
            }
        }

        [Function("Throws")]
        public static void Throws([ActivityTrigger] FunctionContext context) => throw new InvalidOperationException("outer", new FormatException("inner"));

        [Function("Misfit")]
        public static async Task<string> Misfit([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                return await context.CallActivityAsync<string>("Greet", 5);
            }
            catch (TaskFailedException error)
            {
                return error.FailureDetails.ErrorType;
            }
        }

        [Function("Waits")]
        public static async Task<string> Waits([OrchestrationTrigger] TaskOrchestrationContext context) =>
            await context.CallActivityAsync<string>("Greet", await context.WaitForExternalEvent<string>("go"));
    }

    public sealed class Counter
    {
        public int Value { get; set; }

        public int Add(int amount) => Value += amount;
    }

    public static class Counters
    {
        [Function("Counter")]
        public static Task Dispatch([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Counter>();

        [Function("Count")]
        public static async Task<int> Count([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var id = new EntityInstanceId("Counter", "a");
            await context.Entities.CallEntityAsync<int>(id, "Add", 2);
            return await context.Entities.CallEntityAsync<int>(id, "add", 3);
        }
    }
}
