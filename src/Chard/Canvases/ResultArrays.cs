using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>
/// Arrays of results, written in one pass: stored results are copied as they are read, so memory does not grow with them.
/// </summary>
internal static class ResultArrays
{
    /// <summary>Writes the array of <paramref name="parts"/>, or of the members of the arrays that they are.</summary>
    public static async Task WriteAsync(
        IPayloadStore payloads, Stream target, IReadOnlyList<TaskValue> parts, bool areArrays, CancellationToken token)
    {
        target.WriteByte((byte)'[');
        bool first = true;
        foreach (TaskValue part in parts)
        {
            if (part.Reference is not { } reference)
            {
                byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(part.ToElement());
                ReadOnlyMemory<byte> bytes = areArrays ? utf8.AsMemory(1..^1) : utf8;
                if (bytes.Length > 0)
                {
                    Separate();
                    await target.WriteAsync(bytes, token);
                }
            }
            else if (!areArrays || reference.Bytes > 2)
            {
                Separate();
                await using Stream source = await payloads.OpenReadAsync(reference, token);
                await CopyAsync(source, target, areArrays, token);
            }
        }

        target.WriteByte((byte)']');

        void Separate()
        {
            if (!first)
            {
                target.WriteByte((byte)',');
            }

            first = false;
        }
    }

    /// <summary>
    /// Copies to the end, of an array without its brackets: what is stored as an array was written here, without white space.
    /// </summary>
    private static async Task CopyAsync(Stream source, Stream target, bool isArray, CancellationToken token)
    {
        if (!isArray)
        {
            await source.CopyToAsync(target, token);
            return;
        }

        byte[] buffer = new byte[64 * 1024];
        bool opened = false;
        byte? held = null;
        int read;
        while ((read = await source.ReadAsync(buffer, token)) > 0)
        {
            int from = opened ? 0 : 1;
            opened = true;
            if (read == from)
            {
                continue;
            }

            // The last byte read might be the closing bracket, so it waits for the next ones.
            if (held is { } before)
            {
                target.WriteByte(before);
            }

            await target.WriteAsync(buffer.AsMemory(from, read - from - 1), token);
            held = buffer[read - 1];
        }
    }
}
