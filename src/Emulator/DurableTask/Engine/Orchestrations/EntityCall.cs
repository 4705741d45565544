using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>An answer of an entity, or a lock, that the orchestrator waits for.</summary>
internal sealed class EntityCall<T>(EntityInstanceId entity, string operation, PayloadCodec? codec) : TaskCompletionSource<T>, IOpenTask
{
    public void Complete(byte[]? result)
    {
        T value;
        try
        {
            value = codec is null ? default! : codec.Deserialize<T>(result)!;
        }
#pragma warning disable CA1031 // Whatever the converter throws belongs to whoever awaits the result.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            TrySetException(unreadable);
            return;
        }

        TrySetResult(value);
    }

    public void Fail(Failure failure) => TrySetException(new EntityOperationFailedException(entity, operation, failure.Details!));
}
