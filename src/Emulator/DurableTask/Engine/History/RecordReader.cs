using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
/// <param name="data">One row.</param>
internal ref struct RecordReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> rest = data;

    public byte Byte()
    {
        var value = rest[0];
        rest = rest[1..];
        return value;
    }

    public readonly byte Peek() => rest[0];

    public bool Flag() => Byte() != 0;

    public long Integer()
    {
        ulong bits = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            bits |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(bits >> 1) ^ -(long)(bits & 1);
            }
        }
    }

    public long Ticks()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[8..];
        return value;
    }

    public byte[]? Bytes()
    {
        var count = (int)Integer();
        return count < 0 ? null : Take(count).ToArray();
    }

    public string? Text()
    {
        var count = (int)Integer();
        return count < 0 ? null : Encoding.UTF8.GetString(Take(count));
    }

    public Failure? Failure() => Flag() ? new Failure(Details()) : null;

    public HistoryEvent Event()
    {
        var kind = (EventKind)Byte();
        var taskId = (int)Integer();
        return kind switch
        {
            EventKind.TaskCompleted => HistoryEvent.Completed(taskId, Bytes()),
            EventKind.TimerFired => HistoryEvent.Fired(taskId),
            EventKind.TaskFailed => HistoryEvent.Failed(taskId, Failure()!),
            _ => new HistoryEvent(kind)
            {
                TaskId = taskId,
                Name = Text(),
                Payload = Bytes(),
                Failure = Failure(),
                Sender = Text(),
                Correlation = Text(),
                Ticks = Integer(),
            },
        };
    }

    public OrchestratorAction Action()
    {
        var kind = (ActionKind)Byte();
        var id = (int)Integer();
        var name = Text();
        return kind switch
        {
            ActionKind.CallActivity => new OrchestratorAction { Kind = kind, Id = id, Name = name, Version = Text(), Input = Bytes() },
            ActionKind.CreateTimer => new TimerAction { Kind = kind, Id = id, Name = name, DueTicks = Ticks() },
            _ => new SendAction { Kind = kind, Id = id, Name = name, Target = Text()! },
        };
    }

    private TaskFailureDetails? Details()
    {
        if (!Flag())
        {
            return null;
        }

        var type = Text()!;
        var message = Text()!;
        var stack = Text();
        var properties = Bytes();
        return new TaskFailureDetails(type, message, stack, Details(), properties is null ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(properties));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
