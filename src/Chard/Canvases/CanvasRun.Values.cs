using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>What is small is worked out here; what is large, or might become so, in activities.</summary>
internal sealed partial class CanvasRun
{
    /// <summary>Most bytes of values that one activity takes as its input: far below the 1 MB that a message may have.</summary>
    private const int MaxInputBytes = 256 * 1024;

    /// <summary>For the interpreter's own activities: storage may be away for long, but what is missing or altered stays so.</summary>
    public static readonly TaskOptions LongRetries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(10_000, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1))
        {
            HandleFailure = failure => FailureType.Of(failure.ErrorType) != FailureType.Permanent,
        });

    /// <summary>Arguments with their references replaced.</summary>
    private async Task<(TaskValue? Value, NodeOutcome? Failed)> ResolveAsync(
        JsonElement template, TaskValue? prev, string path, string? task, TaskValue? item = null)
    {
        if (References.IsPlain(template))
        {
            return (TaskValue.Of(template), null);
        }

        try
        {
            string? text = template.ValueKind == JsonValueKind.String ? template.GetString() : null;
            if (References.TryParse(text, out References.Root root, out string pointer) && pointer.Length == 0)
            {
                TaskValue? whole = root switch { References.Root.Prev => prev, References.Root.Item => item, _ => input };
                return (whole ?? throw new PermanentTaskException("reference-missing", "There is nothing before."), null);
            }

            bool needsPrev = Needs(template, References.Root.Prev);
            bool needsInput = Needs(template, References.Root.Input);
            bool isHere = !(needsPrev && prev?.Reference is not null)
                && !(needsInput && input.Reference is not null)
                && item?.Reference is null;
            if (isHere)
            {
                JsonElement resolved = References.Resolve(
                    template, needsPrev ? prev?.ToElement() : null, item?.ToElement(), needsInput ? input.ToElement() : null);
                if (Length(resolved) <= TaskValue.MaxInlineBytes)
                {
                    return (TaskValue.Of(resolved), null);
                }
            }

            return (await context.CallActivityAsync<TaskValue>(
                nameof(ResolveReferences),
                new ReferencesToResolve(header.Id, path, TaskValue.Of(template), needsPrev ? prev : null, item, needsInput ? input : null),
                LongRetries), null);
        }
        catch (PermanentTaskException e)
        {
            return (null, NodeOutcome.Of(new NodeFailure(e.Code, e.Message, task, path)));
        }
        catch (TaskFailedException e)
        {
            TaskFailure failure = TaskFailure.Parse(e.FailureDetails?.ErrorType, e.FailureDetails?.ErrorMessage);
            return (null, NodeOutcome.Of(new NodeFailure(failure.Code, failure.Message, task, path)));
        }
    }

    /// <summary>A stored value, its references replaced if it has any.</summary>
    private async Task<(TaskValue? Value, NodeOutcome? Failed)> ResolveAsync(
        StoredValue stored, TaskValue? prev, string path, string? task, TaskValue? item = null)
    {
        if (!stored.IsTemplate)
        {
            return (TaskValue.Of(stored.Reference), null);
        }

        try
        {
            return (await context.CallActivityAsync<TaskValue>(
                nameof(ResolveReferences),
                new ReferencesToResolve(header.Id, path, TaskValue.Of(stored.Reference), prev, item, input),
                LongRetries), null);
        }
        catch (TaskFailedException e)
        {
            TaskFailure failure = TaskFailure.Parse(e.FailureDetails?.ErrorType, e.FailureDetails?.ErrorMessage);
            return (null, NodeOutcome.Of(new NodeFailure(failure.Code, failure.Message, task, path)));
        }
    }

    /// <summary>
    /// The array of <paramref name="parts"/>: here if it is small, else in a payload that activities write, none of which takes
    /// more than a message may hold.
    /// </summary>
    /// <param name="parts">Values, or arrays to be joined into one.</param>
    /// <param name="areArrays">True if the parts are arrays.</param>
    /// <param name="path">Position of the node, which names the payload.</param>
    private async Task<TaskValue> AssembleAsync(IReadOnlyList<TaskValue> parts, bool areArrays, string path)
    {
        long bytes = 2 + parts.Sum(p => (p.Reference?.Bytes ?? Length(p.ToElement())) + 1);
        if (parts.All(p => p.Reference is null) && bytes <= TaskValue.MaxInlineBytes)
        {
            return Join(parts, areArrays);
        }

        if (areArrays && parts is [var only])
        {
            return only;
        }

        var batches = new List<List<TaskValue>> { new() };
        int size = 0;
        foreach (TaskValue part in parts)
        {
            int length = part.Reference is null ? Length(part.ToElement()) : 200;
            if (size + length > MaxInputBytes && batches[^1].Count > 0)
            {
                batches.Add([]);
                size = 0;
            }

            batches[^1].Add(part);
            size += length;
        }

        var joined = new TaskValue[batches.Count];
        await SlidingWindow.RunAsync(batches.Count, 8, async index => joined[index] = await context.CallActivityAsync<TaskValue>(
            nameof(AssembleResults),
            new ResultsToAssemble(header.Id, batches.Count == 1 ? path : $"{path}-{index}", areArrays, batches[index]),
            LongRetries));
        return batches.Count == 1 ? joined[0] : await AssembleAsync(joined, areArrays: true, path);
    }

    private static TaskValue Join(IReadOnlyList<TaskValue> parts, bool areArrays)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            IEnumerable<JsonElement> elements = parts.Select(p => p.ToElement());
            foreach (JsonElement element in areArrays ? elements.SelectMany(e => e.EnumerateArray()) : elements)
            {
                element.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return TaskValue.Of(JsonElement.Parse(buffer.WrittenSpan));
    }

    private static bool Needs(JsonElement template, References.Root root) => References.In(template).Any(r => r.Root == root);

    internal static int Length(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? 4 : JsonMarshal.GetRawUtf8Value(value).Length;
}
