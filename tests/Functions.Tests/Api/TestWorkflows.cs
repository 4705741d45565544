using System.Text.Json;
using Chard.Calls;
using Chard.Domain.DeadLetters;
using Chard.Domain.Json;
using Chard.Starts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Api;

/// <summary>Workflows that do just what a test needs.</summary>
public static class TestWorkflows
{
    /// <summary>Gives its arguments back.</summary>
    [Function(nameof(Answer))]
    public static Task<JsonElement> Answer([OrchestrationTrigger] TaskOrchestrationContext context, JsonElement input) =>
        context.TrackAsync(() => Task.FromResult(input));

    /// <summary>Waits for event <c>go</c> and gives what it brings.</summary>
    [Function(nameof(Wait))]
    public static Task<string?> Wait([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.TrackAsync(() => context.WaitForExternalEvent<string>("go"));

    /// <summary>Waits in a sub-orchestration.</summary>
    [Function(nameof(WaitBelow))]
    public static Task<string?> WaitBelow([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.TrackAsync(() => context.CallSubOrchestratorAsync<string>(
            nameof(WaitChild), null, new SubOrchestrationOptions { InstanceId = context.InstanceId + ".0" }));

    /// <summary>The sub-orchestration.</summary>
    [Function(nameof(WaitChild))]
    public static Task<string> WaitChild([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.WaitForExternalEvent<string>("go");

    /// <summary>Fails.</summary>
    [Function(nameof(Boom))]
    public static Task<string?> Boom([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.TrackAsync<string>(() => throw new InvalidOperationException("boom"));

    /// <summary>Ends without a word to the status row, as a workflow does whose engine failed it.</summary>
    [Function(nameof(Mute))]
    public static async Task<int> Mute([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.WaitForExternalEvent<int>("go");

    /// <summary>Waits as a parked task does, and tells how it was resolved.</summary>
    [Function(nameof(Parked))]
    public static Task<string?> Parked([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.TrackAsync(async () =>
        {
            DeadLetterResolution resolution = await context.WaitForExternalEvent<DeadLetterResolution>(DeadLetterEvents.NameOf("0", 0));
            return $"{resolution.Action} args={resolution.Args} result={resolution.Result} by={resolution.By} "
                + $"ref={resolution.ArgsReference?.Bytes ?? resolution.ResultReference?.Bytes}";
        });

    /// <summary>Reports progress and waits for event <c>go</c>.</summary>
    [Function(nameof(Progress))]
    public static Task<string?> Progress([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.TrackAsync(async () =>
        {
            for (int done = 0; done < 3; done++)
            {
                await context.WaitForExternalEvent<string>("go");
                await context.ReportProgressAsync(new(3, done + 1, 0));
            }

            return "done";
        });
}

/// <summary>A workflow that takes any arguments and passes them on as its input.</summary>
public sealed class AnyArgs(string name) : IWorkflowDefinition
{
    public string Name => name;

    public IReadOnlyList<JsonFault> Validate(JsonElement args) =>
        args.ValueKind == JsonValueKind.Object && args.TryGetProperty("refuse", out _)
            ? [new("/refuse", "This workflow refuses.")]
            : [];

    public ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object>(args);
}
