namespace Chard.Emulator.DurableTask;

/// <summary>One scheduled activity: pending from the commit that scheduled it to the commit of the turn that takes its result.</summary>
internal readonly record struct ActivityWork(OrchestrationInstance Instance, long Execution, OrchestratorAction Action);
