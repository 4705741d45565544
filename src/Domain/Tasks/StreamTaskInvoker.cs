using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chard.Domain.Failures;
using Chard.Domain.Json;

namespace Chard.Domain.Tasks;

/// <summary>Runs a task that reads its arguments item by item.</summary>
internal sealed partial class StreamTaskInvoker<TItem, TResult> : TaskInvoker
{
    public override async Task<byte[]> RunAsync(
        object task,
        TaskArguments args,
        TaskContext context,
        CancellationToken cancellationToken) =>
        Write(await ((IStreamTask<TItem, TResult>)task).RunAsync(
            ItemsAsync(args, context, cancellationToken), context, cancellationToken), context);

    public override async Task<byte[]?> ProbeAsync(
        object task,
        TaskArguments args,
        TaskContext context,
        CancellationToken cancellationToken)
    {
        ProbeAnswer<TResult> answer = await ((IProbe<IAsyncEnumerable<TItem>, TResult>)task)
            .DidItLandAsync(ItemsAsync(args, context, cancellationToken), context, cancellationToken);
        return answer.Landed ? Write(answer.Result, context) : null;
    }

    private static async IAsyncEnumerable<TItem> ItemsAsync(
        TaskArguments args,
        TaskContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream stream = await OpenAsync(args, context, cancellationToken);
        await using IAsyncEnumerator<TItem?> items = JsonSerializer
            .DeserializeAsyncEnumerable<TItem>(stream, TaskJson.Options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        for (long index = 0; ; index++)
        {
            try
            {
                // The end is told once the stream has been read to its end, which is where a payload is verified.
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException e)
            {
                // Whoever gave the arguments is to blame only if they are still what was given: at its end, the payload says if not.
                await stream.CopyToAsync(Stream.Null, cancellationToken);
                throw Misfit(index, e, context);
            }

            yield return items.Current!;
        }
    }

    private static async Task<Stream> OpenAsync(TaskArguments args, TaskContext context, CancellationToken cancellationToken)
    {
        if (args.Stored is { } reference)
        {
            return await context.Payloads.OpenReadAsync(reference, cancellationToken);
        }

        // The serializer reads null as an array of nothing; a task that was given nothing should say so.
        if (args.Utf8.Span.TrimStart(" \t\r\n"u8) is not [(byte)'[', ..])
        {
            throw new PermanentTaskException(
                "invalid-args", $"{context.Task} needs an array of {typeof(TItem).Name} as its arguments, and there is none.");
        }

        return MemoryMarshal.TryGetArray(args.Utf8, out ArraySegment<byte> bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(args.Utf8.ToArray(), writable: false);
    }

    /// <summary>The serializer counts from the first item that it has not handed out yet.</summary>
    private static PermanentTaskException Misfit(long handedOut, JsonException e, TaskContext context)
    {
        string reason = ReaderFault.Say(e);
        return ItemPath().Match(e.Path ?? "") is { Success: true } path
            ? new(
                "invalid-args",
                $"Item {handedOut + long.Parse(path.Groups["index"].ValueSpan, null)} of the arguments of {context.Task} "
                    + $"does not fit {typeof(TItem).Name}: {reason}",
                e)
            : new("invalid-args", $"The arguments of {context.Task} are no array of {typeof(TItem).Name}: {reason}", e);
    }

    [GeneratedRegex(@"\A\$\[(?<index>[0-9]+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex ItemPath();
}
