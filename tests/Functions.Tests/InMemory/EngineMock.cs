using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;

namespace Chard.Functions.Tests.InMemory;

/// <summary>
/// The engine as the app's starts see it: instances by id, of which a test says how they stand. It refuses an id that it knows, unless the
/// instance has ended and the start allows to take its place.
/// </summary>
internal sealed class EngineMock
{
    private readonly Mock<DurableTaskClient> _client = new("Chard");

    public EngineMock()
    {
        _client.Setup(c => c.ScheduleNewOrchestrationInstanceAsync(
            It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
            .Returns(
                (TaskName name, object? input, StartOrchestrationOptions options, CancellationToken _) => Schedule(name, input, options));
        _client.Setup(c => c.GetInstanceAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((string id, bool inputs, CancellationToken _) => Find(id, inputs));
        _client.Setup(c => c.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((string id, CancellationToken _) => Find(id, inputs: false));
        _client.Setup(c => c.TerminateInstanceAsync(It.IsAny<string>(), It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Returns((string id, object? _, CancellationToken _) => End(id, OrchestrationRuntimeStatus.Terminated, null));
        _client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>()))
            .Returns(() => Pageable.Create((_, _, _) => Task.FromResult(new Page<OrchestrationMetadata>([]))));
    }

    public DurableTaskClient Client => _client.Object;

    /// <summary>What the engine keeps.</summary>
    public Dictionary<string, OrchestrationMetadata> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>How often an orchestrator was scheduled.</summary>
    public int Starts { get; private set; }

    /// <summary>True to throw before a start is kept.</summary>
    public bool IsDown { get; set; }

    /// <summary>True to keep a start and lose the answer.</summary>
    public bool LosesAnswers { get; set; }

    public void Set(string id, OrchestrationRuntimeStatus status, string? output = null) =>
        Instances[id] = new(Instances[id].Name, id)
        {
            RuntimeStatus = status, SerializedInput = Instances[id].SerializedInput, SerializedOutput = output, Tags = Instances[id].Tags,
        };

    private Task End(string id, OrchestrationRuntimeStatus status, string? output)
    {
        Set(id, status, output);
        return Task.CompletedTask;
    }

    private Task<string> Schedule(TaskName name, object? input, StartOrchestrationOptions options)
    {
        string id = options.InstanceId!;
        if (IsDown)
        {
            throw new InvalidOperationException("The engine is down.");
        }

        if (Instances.TryGetValue(id, out OrchestrationMetadata? known) && options.DedupeStatuses!.Contains(known.RuntimeStatus.ToString()))
        {
            throw new InvalidOperationException($"An instance with the id {id} already exists.");
        }

        Starts++;
        Instances[id] = new(name.Name, id)
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Pending,
            SerializedInput = input is null ? null : JsonSerializer.Serialize(input),
            Tags = options.Tags.ToImmutableDictionary(),
        };
        return LosesAnswers ? throw new InvalidOperationException("The answer was lost.") : Task.FromResult(id);
    }

    private OrchestrationMetadata? Find(string id, bool inputs) =>
        !Instances.TryGetValue(id, out OrchestrationMetadata? instance) ? null
            : inputs ? instance
            : new(instance.Name, id) { RuntimeStatus = instance.RuntimeStatus, Tags = instance.Tags };
}
