namespace Chard.LocalHost.Functions;

/// <summary>What starts a function.</summary>
public enum TriggerKind
{
    Http,
    Queue,
    Timer,
    Orchestration,
    Activity,
    Entity,
}
