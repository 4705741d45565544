using System.Text;
using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>One delivery of one activity. The same call may be delivered again after a crash.</summary>
public sealed class ActivityInvocation
{
    private readonly byte[]? input;
    private readonly PayloadCodec codec;
    private string? text;

    /// <summary>A delivery to hand to an <see cref="ActivityFunction"/>, for tests of hosts.</summary>
    public ActivityInvocation(string instanceId, int taskId, TaskName name, string? serializedInput, DataConverter converter, CancellationToken cancellationToken)
        : this(instanceId, taskId, name, string.Empty, PayloadCodec.FromText(serializedInput), new PayloadCodec(converter), cancellationToken)
    {
    }

    internal ActivityInvocation(string instanceId, int taskId, TaskName name, string version, byte[]? input, PayloadCodec codec, CancellationToken cancellationToken)
    {
        InstanceId = instanceId;
        TaskId = taskId;
        Name = name;
        Version = version;
        this.input = input;
        this.codec = codec;
        CancellationToken = cancellationToken;
    }

    /// <summary>The calling orchestration's instance id.</summary>
    public string InstanceId { get; }

    /// <summary>The call's number in its orchestration, counted from 0.</summary>
    public int TaskId { get; }

    /// <summary>The activity's name, as the orchestrator wrote it.</summary>
    public TaskName Name { get; }

    /// <summary>The version of the calling orchestration; empty when none.</summary>
    public string Version { get; }

    /// <summary>The input's text; null without one.</summary>
    public string? SerializedInput => text ??= input is null ? null : Encoding.UTF8.GetString(input);

    /// <summary>The input as UTF-8, without a copy; empty without one.</summary>
    public ReadOnlyMemory<byte> Utf8Input => input;

    /// <summary>Fires when the host stops hard: the drain's deadline has passed.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The input as the given type; null without one.</summary>
    public object? GetInput(Type type) => codec.Deserialize(input, type);
}
