using System.Security.Cryptography;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>The engine's client. Whatever it changes is durable when the call returns.</summary>
internal sealed partial class EngineClient(EngineRuntime runtime) : DurableTaskClient("default")
{
    private readonly OrchestrationCommands commands = new(runtime);
    private EngineEntityClient? entities;

    public override DurableEntityClient Entities => runtime.Options.EntitiesEnabled
        ? entities ??= new EngineEntityClient(runtime, commands)
        : throw new NotSupportedException("Entities are switched off; switch on EntitiesEnabled, or EnableEntitySupport.");

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        cancellation.ThrowIfCancellationRequested();
        var id = options?.InstanceId ?? NewId();
        EngineOrchestrationContext.RefuseEntityId(id, runtime.Options);
        return await commands.StartAsync(new StartRequest(id, orchestratorName.Name, options?.Version?.Version ?? runtime.Options.DefaultVersion, runtime.Services.Codec.Serialize(input))
        {
            Tags = options?.Tags is { Count: > 0 } tags ? new Dictionary<string, string>(tags) : null,
            DueTicks = options?.StartAt?.UtcTicks,
            Protected = options?.DedupeStatuses?.Select(Status).ToHashSet(),
        }).WaitAsync(cancellation).ConfigureAwait(false);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var payload = runtime.Services.Codec.Serialize(eventPayload);
        return SendAsync(instanceId, () => new HistoryEvent(EventKind.EventRaised) { Name = eventName, Payload = payload }, cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, () => new HistoryEvent(EventKind.Suspended) { Name = reason }, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, () => new HistoryEvent(EventKind.Resumed) { Name = reason }, cancellation);

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var output = runtime.Services.Codec.Serialize(options?.Output);
        return SendAsync(instanceId, () => HistoryEvent.Terminate(output, options?.Recursive == true), cancellation);
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        await WaitAsync(instanceId, static row => row.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation).ConfigureAwait(false);

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        await WaitAsync(instanceId, static row => row.IsFinished, getInputsAndOutputs, cancellation).ConfigureAwait(false);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Read(instanceId, getInputsAndOutputs) is { } row ? Metadata(row, getInputsAndOutputs) : null);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A new instance id: random, as nothing outside an orchestrator has to repeat it.</summary>
    internal static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static OrchestrationRuntimeStatus Status(string text) =>
        Enum.TryParse<OrchestrationRuntimeStatus>(text, ignoreCase: true, out var status)
            ? status
            : throw new ArgumentException($"'{text}' is not a state of an orchestration. Use one of: {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}.", nameof(text));

    private Task<bool> SendAsync(string instanceId, Func<HistoryEvent> message, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        EngineOrchestrationContext.RefuseEntityId(instanceId, runtime.Options);
        return commands.SendAsync(instanceId, message).WaitAsync(cancellation);
    }

    private async Task<OrchestrationMetadata> WaitAsync(string id, Func<InstanceRow, bool> condition, bool withPayloads, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var row = await runtime.Waiters.WaitAsync(id, condition, () => Read(id, withPayloads), cancellation).ConfigureAwait(false);
        return Metadata(row, withPayloads);
    }

    /// <summary>The instance as of the last commit. Memory knows unfinished ones better than their rows do.</summary>
    private InstanceRow? Read(string id, bool withInput)
    {
        RefuseWhenDead();
        try
        {
            return ReadLive(id, withInput);
        }
        catch (ObjectDisposedException) when (runtime.Committer.Dead is not null)
        {
            // The engine ended between the look and the read.
            throw runtime.Committer.Dead;
        }
    }

    private InstanceRow? ReadLive(string id, bool withInput)
    {
        if (runtime.Instances.Find(id) is not OrchestrationInstance { Visible: { } live } instance)
        {
            return runtime.Store.Reader.Find(id, withInput) is { IsEntity: false } row ? row : null;
        }

        return withInput ? live with { Input = instance.KnownInput ?? runtime.Store.Reader.Find(id, true)?.Input } : live;
    }

    private void RefuseWhenDead()
    {
        if (runtime.Committer.Dead is { } reason)
        {
            throw reason;
        }
    }

    private OrchestrationMetadata Metadata(InstanceRow row, bool withPayloads)
    {
        var status = row.Status;
        return new OrchestrationMetadata(row.Name, row.Id)
        {
            RuntimeStatus = status,
            CreatedAt = new DateTimeOffset(row.CreatedTicks, TimeSpan.Zero),
            LastUpdatedAt = new DateTimeOffset(row.UpdatedTicks, TimeSpan.Zero),
            Tags = row.Tags ?? new Dictionary<string, string>(),
            DataConverter = withPayloads ? runtime.Services.Codec.Converter : null,
            SerializedInput = withPayloads ? PayloadCodec.Text(row.Input) : null,
            SerializedOutput = withPayloads ? PayloadCodec.Text(row.Output) : null,
            SerializedCustomStatus = withPayloads ? PayloadCodec.Text(row.CustomStatus) : null,
            FailureDetails = withPayloads ? row.Failure : null,
        };
    }
}
