using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>A call or timer that the orchestrator has open; completion waits for all of them.</summary>
internal interface IOpenTask
{
    void Complete(byte[]? result);

    void Fail(Failure failure);
}

/// <summary>
/// The task that the orchestrator awaits. Its continuations run inline, on the turn's thread, in the order of history.
/// </summary>
internal sealed class OpenTask<T>(string name, int id, PayloadCodec? codec) : TaskCompletionSource<T>, IOpenTask
{
    public void Complete(byte[]? result)
    {
        T value;
        try
        {
            // Without a codec nobody looks at the result: no need to read it.
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

    public void Fail(Failure failure) => TrySetException(new TaskFailedException(name, id, failure.Details, null));
}
