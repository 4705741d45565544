using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Running;

namespace Chard.Canvases;

/// <summary>The lanes of a pack as calls of their tasks.</summary>
internal abstract class PackTasks(PackCall pack, TaskValueStore values)
{
    private readonly Dictionary<TaskValue, Task<JsonElement>> _loaded = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many lanes there are.</summary>
    public abstract int Count { get; }

    /// <summary>How many tasks they are.</summary>
    public int Total => Enumerable.Range(0, Math.Min(Count, Most)).Sum(StepsOf);

    /// <summary>Most of the lanes that one pack runs.</summary>
    public virtual int Most => int.MaxValue;

    /// <summary>Seconds after which no more of them are begun.</summary>
    public abstract double Seconds { get; }

    /// <summary>True if all tasks do nothing but compute their results.</summary>
    public abstract bool IsPure { get; }

    /// <summary>Name of the task, for the pack's row; of several the first one's.</summary>
    public abstract string Name { get; }

    /// <summary>How many steps a lane has; 0 if it is none, and has to be run otherwise.</summary>
    public abstract int StepsOf(int lane);

    /// <summary>The call of a step, first try, without its arguments.</summary>
    public abstract TaskCall CallOf(int lane, int step);

    /// <summary>Arguments of a step.</summary>
    /// <exception cref="PermanentTaskException"><c>reference-missing</c>, <c>payload-missing</c>, <c>payload-altered</c>.</exception>
    public abstract ValueTask<TaskValue> ArgsAsync(int lane, int step, TaskValue? prev, CancellationToken token);

    /// <summary>Reads what a pack is to run.</summary>
    public static async Task<PackTasks> ReadAsync(PackCall pack, TaskValueStore values, CancellationToken token)
    {
        if (pack.Kind == PackKind.Items)
        {
            JsonElement items = await LoadAsync(pack.Items!, values, token);
            JsonElement? args = pack.StoredArgs is { } stored
                ? await LoadAsync(TaskValue.Of(stored.Reference), values, token)
                : pack.Args;
            return new ItemTasks(pack, values, [.. items.EnumerateArray().Skip(pack.Skip).Take(pack.Take)], args);
        }

        JsonElement array = pack.StoredNodes is { } reference
            ? JsonElement.Parse((await values.CheckOutAsync(TaskValue.Of(reference), token)).Span, CanvasReader.Deep)
            : CanvasReader.Unpack(pack.Nodes!.Value);
        return new NodeTasks(
            pack, values, [.. array.EnumerateArray().Skip(pack.Skip).Take(pack.Take).Select(CanvasReader.Read)]);
    }

    /// <summary>A value as JSON, wherever it lies.</summary>
    public static async Task<JsonElement> LoadAsync(TaskValue value, TaskValueStore values, CancellationToken token) =>
        value.Reference is null ? value.ToElement() : JsonElement.Parse((await values.CheckOutAsync(value, token)).Span);

    /// <summary>A template with its references replaced, stored if it is large.</summary>
    protected async ValueTask<TaskValue> ResolveAsync(
        JsonElement template, string path, TaskValue? prev, JsonElement? item, CancellationToken token)
    {
        if (References.IsPlain(template))
        {
            return TaskValue.Of(template);
        }

        string? text = template.ValueKind == JsonValueKind.String ? template.GetString() : null;
        if (References.TryParse(text, out References.Root root, out string pointer) && pointer.Length == 0)
        {
            return root switch
            {
                References.Root.Prev => prev,
                References.Root.Item => item is { } whole ? TaskValue.Of(whole) : null,
                _ => pack.Input,
            } ?? throw new PermanentTaskException("reference-missing", "There is nothing before.");
        }

        bool needsPrev = Needs(template, References.Root.Prev) && prev is not null;
        bool needsInput = Needs(template, References.Root.Input) && pack.Input is not null;
        JsonElement resolved = References.Resolve(
            template, needsPrev ? await OnceAsync(prev!, token) : null, item, needsInput ? await OnceAsync(pack.Input!, token) : null);
        return System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(resolved).Length <= TaskValue.MaxInlineBytes
            ? TaskValue.Of(resolved)
            : await values.CheckInAsync(
                pack.Workflow.Id, "values/" + path, JsonSerializer.SerializeToUtf8Bytes(resolved), token);
    }

    /// <summary>What many lanes ask for is loaded once for all of them.</summary>
    private Task<JsonElement> OnceAsync(TaskValue value, CancellationToken token)
    {
        if (value.Reference is null)
        {
            return Task.FromResult(value.ToElement());
        }

        lock (_loaded)
        {
            return _loaded.TryGetValue(value, out Task<JsonElement>? loading)
                ? loading
                : _loaded[value] = LoadAsync(value, values, token);
        }
    }

    private static bool Needs(JsonElement template, References.Root root) => References.In(template).Any(r => r.Root == root);
}

/// <summary>Nodes: members of a group, steps of a chain, or a single one.</summary>
internal sealed class NodeTasks : PackTasks
{
    private readonly PackCall _pack;
    private readonly TaskValueStore _values;
    private readonly PackLane?[] _lanes;

    public NodeTasks(PackCall pack, TaskValueStore values, CanvasNode[] nodes)
        : base(pack, values)
    {
        (_pack, _values) = (pack, values);
        _lanes = pack.Kind switch
        {
            PackKind.Node => [Lane(nodes[0], pack.Path)],
            PackKind.Steps => [new([.. nodes.Select((node, i) =>
                PackStep.Of((TaskNode)node, TaskPath.Below(pack.Path, pack.First + i), pack.Options, pack.Workflow.PolicyFor)!)])],
            _ => [.. nodes.Select((node, i) => Lane(node, TaskPath.Below(pack.Path, pack.First + i)))],
        };
    }

    public override int Count => _lanes.Length;

    public override int Most => _pack.IsSingle ? 1 : _lanes.Min(l => l is { Pack: > 1 } ? l.Pack : int.MaxValue);

    public override double Seconds => _lanes.Min(l => l?.Seconds ?? TaskPolicyRules.MaxPackSeconds);

    public override bool IsPure => _lanes.All(l => l is null || l.IsPure);

    public override string Name => _lanes.FirstOrDefault(l => l is not null)?.Steps[0].Node.Task ?? "";

    public override int StepsOf(int lane) => _lanes[lane] is { } steps && (_pack.IsSingle || steps.Pack > 1) ? steps.Steps.Count : 0;

    public override TaskCall CallOf(int lane, int step)
    {
        PackStep of = _lanes[lane]!.Steps[step];
        return _pack.Workflow.CallOf(
            of.Node.Task, of.Path, of.Policy,
            new(of.Options) { IdempotencyKey = of.Node.IdempotencyKey, Shard = _pack.Shard, Deadline = _pack.Deadline });
    }

    public override async ValueTask<TaskValue> ArgsAsync(int lane, int step, TaskValue? prev, CancellationToken token)
    {
        PackStep of = _lanes[lane]!.Steps[step];
        prev ??= _pack.Prev;
        return of.Node switch
        {
            { Args: { } template } => await ResolveAsync(template, of.Path, prev, null, token),
            { StoredArgs: { IsTemplate: false } plain } => TaskValue.Of(plain.Reference),
            { StoredArgs: { } stored } =>
                await ResolveAsync(await LoadAsync(TaskValue.Of(stored.Reference), _values, token), of.Path, prev, null, token),
            _ => prev ?? TaskValue.Null,
        };
    }

    private PackLane? Lane(CanvasNode node, string path) => PackLane.Of(node, path, _pack.Options, _pack.Workflow.PolicyFor);
}

/// <summary>Items of a map: calls of one task.</summary>
internal sealed class ItemTasks : PackTasks
{
    private readonly PackCall _pack;
    private readonly JsonElement[] _items;
    private readonly JsonElement? _args;
    private readonly TaskPolicy _policy;
    private readonly TaskCall _call;

    public ItemTasks(PackCall pack, TaskValueStore values, JsonElement[] items, JsonElement? args)
        : base(pack, values)
    {
        (_pack, _items, _args) = (pack, items, args);
        var options = new TaskCallOptions(pack.Options) { Shard = pack.Shard, Deadline = pack.Deadline };
        _policy = pack.Workflow.PolicyFor(pack.Task!, options);
        _call = pack.Workflow.CallOf(pack.Task!, pack.Path, _policy, options);
    }

    public override int Count => _items.Length;

    public override double Seconds => _policy.PackSeconds;

    public override bool IsPure => _policy.Pure;

    public override string Name => _pack.Task!;

    public override int StepsOf(int lane) => 1;

    public override TaskCall CallOf(int lane, int step) => _call with { Path = TaskPath.Below(_pack.Path, _pack.First + lane) };

    public override ValueTask<TaskValue> ArgsAsync(int lane, int step, TaskValue? prev, CancellationToken token) =>
        _args is { } template
            ? ResolveAsync(template, TaskPath.Below(_pack.Path, _pack.First + lane), _pack.Prev, _items[lane], token)
            : ValueTask.FromResult(TaskValue.Of(_items[lane]));
}
