using System.Diagnostics.CodeAnalysis;

namespace Chard.Starts;

/// <summary>The workflows that may be started by name, ignoring case.</summary>
public sealed class WorkflowCatalogue
{
    private readonly Dictionary<string, IWorkflowDefinition> _byName;

    /// <summary>Takes the registered definitions.</summary>
    /// <exception cref="InvalidOperationException">Two workflows have one name.</exception>
    public WorkflowCatalogue(IEnumerable<IWorkflowDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        _byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (IWorkflowDefinition definition in definitions)
        {
            if (!_byName.TryAdd(definition.Name, definition))
            {
                throw new InvalidOperationException(
                    $"Two workflows are named '{definition.Name}'. Rename one; or it has [Workflow] and is added by AddWorkflow too: take "
                        + "the attribute out.");
            }
        }
    }

    /// <summary>All names, in order.</summary>
    public IEnumerable<string> Names => _byName.Values.Select(d => d.Name).Order(StringComparer.Ordinal);

    /// <summary>Finds a workflow by name.</summary>
    public bool TryGet(string? name, [NotNullWhen(true)] out IWorkflowDefinition? definition)
    {
        definition = null;
        return name is not null && _byName.TryGetValue(name, out definition);
    }
}
