using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;

namespace Chard.Functions.Canvases;

/// <summary>What is wider than one history should hold runs in parts, each an orchestration of its own.</summary>
internal sealed partial class CanvasRun
{
    private const int LongestInstanceId = 99;

    /// <summary>Runs this orchestration's part.</summary>
    public async Task<PartOutcome> RunPartAsync(CanvasPart part)
    {
        var inner = new Surroundings(part.Prev, part.Retry, part.OnExhausted, part.Deadline, part.ReachedAt, part.Shard, part.Stamps);
        if (part.Chunks is { } chunks)
        {
            MapNode map = (MapNode)CanvasReader.Read(part.Map!.Value) with { MaxInFlight = part.MaxInFlight };
            return await ChunksAsync(map, part.Path, inner, chunks, part.First, int.MaxValue);
        }

        CanvasNode[] nodes = [.. CanvasReader.Unpack(part.Nodes!.Value).EnumerateArray().Select(CanvasReader.Read)];
        if (!part.IsChain)
        {
            return await MembersAsync(nodes, part.First, part.MaxInFlight, part.Collect, part.Path, inner);
        }

        NodeOutcome outcome = await StepsAsync(nodes, part.First, part.Path, inner);
        return new(outcome.Result ?? TaskValue.Null, outcome.Failure is null ? 0 : 1, outcome.Failure);
    }

    private async Task<NodeOutcome> LongChainAsync(ChainNode node, string path, Surroundings inner)
    {
        for (int first = 0; first < node.Steps.Count; first += CanvasLimits.MaxWidth)
        {
            PartOutcome outcome = await PartAsync(
                Part(path, inner) with { IsChain = true, Nodes = Slice(node.Steps, first), First = first }, TaskPath.Below(path, first));
            if (outcome.First is { } failure)
            {
                return NodeOutcome.Of(failure);
            }

            inner = inner with { Prev = outcome.Results };
        }

        return NodeOutcome.Of(inner.Prev!);
    }

    private Task<PartOutcome> WideGroupAsync(GroupNode node, string path, Surroundings inner) =>
        PartsAsync(node.Members.Count, node.MaxInFlight, path, (first, width) => Part(path, inner) with
        {
            Nodes = Slice(node.Members, first),
            First = first,
            Collect = node.Failures.Collect,
            MaxInFlight = width,
            Shard = string.Create(CultureInfo.InvariantCulture, $"{(inner.Shard is null ? "" : inner.Shard + "-")}g{first / CanvasLimits.MaxWidth}"),
        });

    private Task<PartOutcome> WideMapAsync(MapNode node, string path, Surroundings inner, ItemChunks chunks)
    {
        JsonElement map = JsonSerializer.SerializeToElement(new
        {
            map = new { task = node.Task, args = node.Args, over = Array.Empty<int>(), failures = node.Failures.Collect ? "collect" : "fail" },
        });
        if (node.Args is null)
        {
            map = JsonSerializer.SerializeToElement(new
            {
                map = new { task = node.Task, over = Array.Empty<int>(), failures = node.Failures.Collect ? "collect" : "fail" },
            });
        }

        return PartsAsync(chunks.Chunks.Count, node.MaxInFlight, path, (first, width) => Part(path, inner) with
        {
            Map = map,
            Chunks = chunks with { Chunks = [.. chunks.Chunks.Skip(first).Take(CanvasLimits.MaxWidth)] },
            First = first,
            MaxInFlight = width,
        });
    }

    /// <summary>Parts side by side, so many at once that no more members than the bound are at work in all of them together.</summary>
    private async Task<PartOutcome> PartsAsync(int count, int? maxInFlight, string path, Func<int, int, CanvasPart> partAt)
    {
        int bound = maxInFlight ?? CanvasLimits.MaxInFlight;
        int width = Math.Min(bound, CanvasLimits.MaxWidth);
        var outcomes = new PartOutcome[(count + CanvasLimits.MaxWidth - 1) / CanvasLimits.MaxWidth];
        await SlidingWindow.RunAsync(outcomes.Length, bound / width, async index =>
        {
            int first = index * CanvasLimits.MaxWidth;
            outcomes[index] = await PartAsync(partAt(first, width), TaskPath.Below(path, first));
        });
        return new(
            await AssembleAsync([.. outcomes.Select(o => o.Results)], areArrays: true, path + "-all"),
            outcomes.Sum(o => o.Failed), outcomes.FirstOrDefault(o => o.First is not null)?.First);
    }

    private async Task<PartOutcome> PartAsync(CanvasPart part, string at)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<PartOutcome>(
                nameof(RunCanvas.RunCanvasPart),
                new WorkflowInput<CanvasPart>(header.Id, part, header.Policies, header.Stamps, RunCanvas.Name),
                new SubOrchestrationOptions(new TaskOptions(), InstanceIdOf(at)));
        }
        catch (TaskFailedException e)
        {
            // Failures of nodes come as values; this is the part itself.
            throw new InvalidOperationException($"The part of the canvas at {at} failed: {e.FailureDetails?.ErrorMessage ?? e.Message}", e);
        }
    }

    private CanvasPart Part(string path, Surroundings inner) => new()
    {
        Path = path,
        Input = input,
        Prev = inner.Prev,
        Retry = inner.Retry,
        OnExhausted = inner.OnExhausted,
        Stamps = inner.Stamps,
        Deadline = inner.Deadline,
        ReachedAt = inner.ReachedAt,
        Shard = inner.Shard,
    };

    private static JsonElement Slice(IReadOnlyList<CanvasNode> nodes, int first) => CanvasReader.Pack(JsonSerializer.SerializeToElement(
        nodes.Skip(first).Take(CanvasLimits.MaxWidth).Select(n => n.Source!.Value)));

    /// <summary>Begins with the workflow's id and a dot, so that cancelling finds it, and stays within the strictest backend's limit.</summary>
    private string InstanceIdOf(string at)
    {
        string id = $"{header.Id}.{at}";
        return id.Length <= LongestInstanceId ? id : $"{header.Id}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(at)))[..32]}";
    }
}
