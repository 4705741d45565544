using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>One operation as an entity's code sees it. State and messages count only if it ends without an exception.</summary>
internal sealed class EngineEntityOperation(EntityInstanceId id, HistoryEvent message, byte[]? state, EngineRuntime runtime) : TaskEntityOperation
{
    private readonly EntityState state = new(state, runtime.Services.Codec);
    private readonly EntityContext context = new(id, runtime);

    public override string Name => message.Name!;

    public override TaskEntityContext Context => context;

    public override TaskEntityState State => state;

    public override bool HasInput => message.Payload is not null;

    public byte[]? FinalState => state.Payload;

    public List<EntityMessage> Signals => context.Signals;

    public List<StartRequest> Starts => context.Starts;

    public override object? GetInput(Type inputType) => runtime.Services.Codec.Deserialize(message.Payload, inputType);

    private sealed class EntityState(byte[]? payload, PayloadCodec codec) : TaskEntityState
    {
        public byte[]? Payload { get; private set; } = payload;

        public override bool HasState => Payload is not null;

        public override object? GetState(Type type) => codec.Deserialize(Payload, type);

        public override void SetState(object? state) => Payload = codec.Serialize(state);
    }

    private sealed class EntityContext(EntityInstanceId id, EngineRuntime runtime) : TaskEntityContext
    {
        public List<EntityMessage> Signals { get; } = [];

        public List<StartRequest> Starts { get; } = [];

        public override EntityInstanceId Id => id;

        public override void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(operationName);
            Signals.Add(new EntityMessage(id.ToString(), new HistoryEvent(EventKind.EntityOperation)
            {
                Name = operationName,
                Payload = runtime.Services.Codec.Serialize(input),
                Ticks = options?.SignalTime?.UtcTicks ?? 0,
            }));
        }

        public override string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null)
        {
            var start = options?.InstanceId ?? EngineClient.NewId();
            EngineOrchestrationContext.RefuseEntityId(start, runtime.Options);
            Starts.Add(new StartRequest(start, name.Name, options?.Version?.Version ?? runtime.Options.DefaultVersion, runtime.Services.Codec.Serialize(input))
            {
                Tags = options?.Tags is { Count: > 0 } tags ? new Dictionary<string, string>(tags) : null,
                DueTicks = options?.StartAt?.UtcTicks,
            });
            return start;
        }
    }
}
