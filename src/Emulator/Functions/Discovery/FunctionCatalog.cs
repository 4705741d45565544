using Chard.Emulator.Functions.Durable;

namespace Chard.Emulator.Functions.Discovery;

/// <summary>The functions of the app.</summary>
internal sealed class FunctionCatalog(IReadOnlyList<FunctionDescriptor> functions)
{
    private readonly Dictionary<string, FunctionDescriptor> orchestrators = ByName(functions, TriggerKind.Orchestration);
    private readonly Dictionary<string, FunctionDescriptor> activities = ByName(functions, TriggerKind.Activity);
    private readonly Dictionary<string, FunctionDescriptor> entities = ByName(functions, TriggerKind.Entity);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<FunctionDescriptor> Functions { get; } = functions;

    public IEnumerable<FunctionDescriptor> Of(TriggerKind kind) => Functions.Where(function => function.Kind == kind);

    /// <summary>By the durable name, whatever its case; null where there is none.</summary>
    public FunctionDescriptor? Find(TriggerKind kind, string name) => (kind switch
    {
        TriggerKind.Orchestration => orchestrators,
        TriggerKind.Activity => activities,
        _ => entities,
    }).GetValueOrDefault(name);

    private static Dictionary<string, FunctionDescriptor> ByName(IReadOnlyList<FunctionDescriptor> functions, TriggerKind kind) => functions
        .Where(function => function.Kind == kind)
        .ToDictionary(function => function.DurableName(), StringComparer.OrdinalIgnoreCase);
}
