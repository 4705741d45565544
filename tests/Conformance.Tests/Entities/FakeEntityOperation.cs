using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;

namespace Chard.Conformance.Tests.Entities;

/// <summary>One operation on an entity without an engine behind it.</summary>
internal sealed class FakeEntityOperation : TaskEntityOperation
{
    private readonly object? input;

    public FakeEntityOperation(string name, object? state = null, object? input = null)
    {
        Name = name;
        this.input = input;
        Stored = new FakeState(state);
    }

    public FakeState Stored { get; }

    public override string Name { get; }

    public override TaskEntityContext Context { get; } = new FakeContext();

    public override TaskEntityState State => Stored;

    public override bool HasInput => input is not null;

    public override object? GetInput(Type inputType) => JsonDataConverter.Default.Deserialize(JsonDataConverter.Default.Serialize(input), inputType);

    internal sealed class FakeState(object? value) : TaskEntityState
    {
        public object? Value { get; private set; } = value;

        public bool WasSet { get; private set; }

        public override bool HasState => Value is not null;

        public override object? GetState(Type type) => Value;

        public override void SetState(object? state)
        {
            WasSet = true;
            Value = state;
        }
    }

    private sealed class FakeContext : TaskEntityContext
    {
        public override EntityInstanceId Id { get; } = new("counter", "key");

        public override void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
        {
        }

        public override string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null) => options?.InstanceId ?? "new";
    }
}
