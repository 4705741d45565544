using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Chard.Emulator.Functions.Discovery;

/// <summary>What starts a function.</summary>
internal enum TriggerKind
{
    Http,
    Queue,
    Timer,
    Orchestration,
    Activity,
    Entity,
}

internal static class TriggerKinds
{
    public static TriggerKind? Of(TriggerBindingAttribute attribute) => attribute switch
    {
        HttpTriggerAttribute => TriggerKind.Http,
        QueueTriggerAttribute => TriggerKind.Queue,
        TimerTriggerAttribute => TriggerKind.Timer,
        OrchestrationTriggerAttribute => TriggerKind.Orchestration,
        ActivityTriggerAttribute => TriggerKind.Activity,
        EntityTriggerAttribute => TriggerKind.Entity,
        _ => null,
    };

    /// <summary>The name of the binding in a function's metadata.</summary>
    public static string BindingType(this TriggerKind kind) => kind switch
    {
        TriggerKind.Http => "httpTrigger",
        TriggerKind.Queue => "queueTrigger",
        TriggerKind.Timer => "timerTrigger",
        TriggerKind.Orchestration => "orchestrationTrigger",
        TriggerKind.Activity => "activityTrigger",
        _ => "entityTrigger",
    };

    public static bool IsDurable(this TriggerKind kind) => kind is TriggerKind.Orchestration or TriggerKind.Activity or TriggerKind.Entity;
}
