using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Canvases;

/// <summary>
/// Writes the array of a group's results into a payload, in one pass: stored results are copied as they are read, so memory does not
/// grow with them. Safe to run twice.
/// </summary>
public sealed class AssembleResults(IPayloadStore payloads)
{
    /// <summary>The activity.</summary>
    /// <exception cref="Chard.Domain.Failures.PermanentTaskException"><c>payload-missing</c> or <c>payload-altered</c>.</exception>
    [Function(nameof(AssembleResults))]
    public async Task<TaskValue> RunAsync([ActivityTrigger] ResultsToAssemble work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return TaskValue.Of(await payloads.WriteAsync(work.WorkflowId, "groups/" + work.Path, WriteAsync, cancellationToken));

        async Task WriteAsync(Stream target, CancellationToken token)
        {
            target.WriteByte((byte)'[');
            bool first = true;
            foreach (TaskValue part in work.Parts)
            {
                if (part.Reference is not { } reference)
                {
                    byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(part.ToElement());
                    ReadOnlyMemory<byte> bytes = work.AreArrays ? utf8.AsMemory(1..^1) : utf8;
                    if (bytes.Length > 0)
                    {
                        await SeparateAsync();
                        await target.WriteAsync(bytes, token);
                    }
                }
                else if (!work.AreArrays || reference.Bytes > 2)
                {
                    await SeparateAsync();
                    await using Stream source = await payloads.OpenReadAsync(reference, token);
                    await CopyAsync(source, target, work.AreArrays, token);
                }
            }

            target.WriteByte((byte)']');

            async ValueTask SeparateAsync()
            {
                if (!first)
                {
                    await target.WriteAsync(","u8.ToArray(), token);
                }

                first = false;
            }
        }
    }

    /// <summary>Copies to the end, of an array without its brackets: what is stored as an array was written here, without white space.</summary>
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

/// <summary>Work for <see cref="AssembleResults"/>.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Path">Position of the group.</param>
/// <param name="AreArrays">True if the parts are arrays whose members are to be joined.</param>
/// <param name="Parts">The parts, in order.</param>
public sealed record ResultsToAssemble(string WorkflowId, string Path, bool AreArrays, IReadOnlyList<TaskValue> Parts);
