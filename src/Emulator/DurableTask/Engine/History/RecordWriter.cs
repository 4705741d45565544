using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>Writes the compact binary form of history rows: variable-length integers, length-prefixed UTF-8.</summary>
internal sealed class RecordWriter
{
    private byte[] buffer = new byte[512];
    private int length;

    [ThreadStatic]
    private static RecordWriter? shared;

    /// <summary>The calling thread's writer, emptied: encoding a row costs no allocation but the row.</summary>
    public static RecordWriter Shared()
    {
        var writer = shared ??= new RecordWriter();
        writer.length = 0;

        // A row of many megabytes must not keep its buffer for ever.
        if (writer.buffer.Length > 1 << 20)
        {
            writer.buffer = new byte[512];
        }

        return writer;
    }

    /// <summary>What has been written: valid until the thread's writer is used again.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Byte(byte value)
    {
        Reserve(1);
        buffer[length++] = value;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Integer(long value)
    {
        // Zigzag, so that -1 takes one byte too.
        var bits = (ulong)((value << 1) ^ (value >> 63));
        Reserve(10);
        while (bits >= 0x80)
        {
            buffer[length++] = (byte)(bits | 0x80);
            bits >>= 7;
        }

        buffer[length++] = (byte)bits;
    }

    public void Ticks(long value)
    {
        Reserve(8);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(length), value);
        length += 8;
    }

    /// <summary>Bytes or null.</summary>
    public void Bytes(byte[]? value)
    {
        if (value is null)
        {
            Integer(-1);
            return;
        }

        Integer(value.Length);
        Reserve(value.Length);
        value.CopyTo(buffer, length);
        length += value.Length;
    }

    /// <summary>Text or null.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Integer(-1);
            return;
        }

        var count = Encoding.UTF8.GetByteCount(value);
        Integer(count);
        Reserve(count);
        length += Encoding.UTF8.GetBytes(value, buffer.AsSpan(length));
    }

    public void Failure(Failure? failure)
    {
        if (failure is null)
        {
            Byte(0);
            return;
        }

        Byte(1);
        Details(failure.Details);
    }

    private void Details(TaskFailureDetails? details)
    {
        if (details is null)
        {
            Byte(0);
            return;
        }

        Byte(1);
        Text(details.ErrorType);
        Text(details.ErrorMessage);
        Text(details.StackTrace);
        Bytes(details.Properties is null ? null : JsonSerializer.SerializeToUtf8Bytes(details.Properties));
        Details(details.InnerFailure);
    }

    /// <summary>An event with all it carries.</summary>
    public void Event(HistoryEvent item)
    {
        Byte((byte)item.Kind);
        Integer(item.TaskId);
        switch (item.Kind)
        {
            case EventKind.TaskCompleted:
                Bytes(item.Payload);
                break;
            case EventKind.TimerFired:
                break;
            case EventKind.TaskFailed:
                Failure(item.Failure);
                break;
            default:
                Text(item.Name);
                Bytes(item.Payload);
                Failure(item.Failure);
                Text(item.Sender);
                Text(item.Correlation);
                Integer(item.Ticks);
                break;
        }
    }

    public void Action(OrchestratorAction action)
    {
        Byte((byte)action.Kind);
        Integer(action.Id);
        Text(action.Name);
        switch (action)
        {
            case TimerAction timer:
                Ticks(timer.DueTicks);
                break;
            case SendAction message:
                Text(message.Target);
                break;
            default:
                Text(action.Version);
                Bytes(action.Input);
                break;
        }
    }

    private void Reserve(int count)
    {
        if (buffer.Length - length < count)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
        }
    }
}
