using System.Collections.Immutable;

namespace Microsoft.DurableTask.Client;

/// <summary>An instance as it was when it was read.</summary>
/// <param name="name">The orchestrator's name.</param>
/// <param name="instanceId">The instance id.</param>
public sealed class OrchestrationMetadata(string name, string instanceId)
{
    /// <summary>The orchestrator's name.</summary>
    public string Name { get; } = name;

    /// <summary>The instance id.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>What reads the serialized values; null when the instance was read without them.</summary>
    public DataConverter? DataConverter { get; init; }

    /// <summary>The state.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>The input's text; null without one, or when it was not asked for.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>The output's text; null without one, or when it was not asked for. Of a failed instance the plain message, not JSON.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>The custom status's text; null without one, or when inputs and outputs were not asked for.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>The tags given at the start.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Why it failed; null when it did not, or when inputs and outputs were not asked for.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Whether it is Running.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>Whether it is Completed, Failed or Terminated.</summary>
    public bool IsCompleted =>
        RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>The input.</summary>
    /// <exception cref="InvalidOperationException">The instance was read without inputs and outputs.</exception>
    public T? ReadInputAs<T>() => Read<T>(SerializedInput);

    /// <summary>The output.</summary>
    /// <exception cref="InvalidOperationException">The instance was read without inputs and outputs.</exception>
    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput);

    /// <summary>The custom status.</summary>
    /// <exception cref="InvalidOperationException">The instance was read without inputs and outputs.</exception>
    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus);

    /// <summary>Name, id, state and times, for a log.</summary>
    public override string ToString() =>
        $"[Name: '{Name}', ID: '{InstanceId}', RuntimeStatus: {RuntimeStatus}, CreatedAt: {CreatedAt:s}, LastUpdatedAt: {LastUpdatedAt:s}]";

    private T? Read<T>(string? text) => DataConverter is null
        ? throw new InvalidOperationException("The instance was read without its inputs and outputs; ask for them with getInputsAndOutputs or FetchInputsAndOutputs.")
        : DataConverter.Deserialize<T>(text);
}
