using System.Text.Json;
using Chard.LocalHost.Worker.Protocol;

namespace Chard.LocalHost.Functions;

/// <summary>A function as the worker describes it.</summary>
internal sealed class FunctionDefinition
{
    private static readonly Dictionary<string, TriggerKind> Triggers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["httpTrigger"] = TriggerKind.Http,
        ["queueTrigger"] = TriggerKind.Queue,
        ["timerTrigger"] = TriggerKind.Timer,
        ["orchestrationTrigger"] = TriggerKind.Orchestration,
        ["activityTrigger"] = TriggerKind.Activity,
        ["entityTrigger"] = TriggerKind.Entity,
    };

    public required string Name { get; init; }

    public required Binding Trigger { get; init; }

    public required IReadOnlyList<Binding> Clients { get; init; }

    /// <summary>Queues written to.</summary>
    public required IReadOnlyList<Binding> Outputs { get; init; }

    public required RpcRetryOptions? Retry { get; init; }

    /// <summary>All that is known of it, to tell it from others.</summary>
    public required string Text { get; init; }

    public TriggerKind Kind => Triggers[Trigger.Type];

    public bool IsDurable => Kind is TriggerKind.Orchestration or TriggerKind.Activity or TriggerKind.Entity;

    /// <summary>All of an app's functions. <see cref="StartException"/> names every binding that is not known here.</summary>
    public static IReadOnlyList<FunctionDefinition> ReadAll(IReadOnlyList<RpcFunctionMetadata> functions)
    {
        var faults = new List<string>();
        var known = functions.Select(function => Read(function, faults)).OfType<FunctionDefinition>().ToList();
        faults.AddRange(known.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1)
            .Select(same => $"{same.Count()} functions are named '{same.Key}'."));
        return faults.Count == 0 ? known : throw new StartException(faults);
    }

    private static FunctionDefinition? Read(RpcFunctionMetadata function, List<string> faults)
    {
        var bindings = function.RawBindings.Select(raw => new Binding(JsonElement.Parse(raw)))
            .ToLookup(binding => binding.Type.ToUpperInvariant());
        var triggers = bindings.Where(group => Triggers.ContainsKey(group.Key)).SelectMany(group => group).ToList();
        var others = bindings.Where(group => !Triggers.ContainsKey(group.Key) && group.Key is not ("DURABLECLIENT" or "QUEUE" or "HTTP"))
            .SelectMany(group => group).ToList();
        faults.AddRange(others.Select(
            binding => $"Function '{function.Name}' has a binding of type '{binding.Type}', which this host does not know."));
        if (triggers.Count != 1)
        {
            if (others.Count == 0)
            {
                faults.Add($"Function '{function.Name}' has {triggers.Count} triggers instead of one.");
            }

            return null;
        }

        return new FunctionDefinition
        {
            Name = function.Name,
            Trigger = triggers[0],
            Clients = [.. bindings["DURABLECLIENT"]],
            Outputs = [.. bindings["QUEUE"]],
            Retry = function.RetryOptions,
            Text = $"{function.Name} {function.RetryOptions} {string.Join(' ', function.RawBindings)}",
        };
    }
}
