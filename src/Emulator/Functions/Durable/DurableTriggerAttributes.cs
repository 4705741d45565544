using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks the <c>TaskOrchestrationContext</c> parameter that makes a function an orchestrator.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name; the function's by default.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>Marks the parameter that makes a function an activity and takes its input.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The activity's name; the function's by default.</summary>
    public string? Activity { get; set; }
}

/// <summary>Marks the <see cref="TaskEntityDispatcher"/> parameter that makes a function an entity.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EntityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The entity's name; the function's by default.</summary>
    public string? EntityName { get; set; }
}

/// <summary>Fills a parameter of type <c>DurableTaskClient</c>, and of no other type.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    public string? TaskHub { get; set; }

    public string? ConnectionName { get; set; }
}
