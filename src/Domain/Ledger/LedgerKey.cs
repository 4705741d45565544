namespace Chard.Domain.Ledger;

/// <summary>Where the row of a task is.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Shard">Part of the workflow's ledger, whose rows are written together; null for the one that the workflow's own rows are
/// written with.</param>
/// <param name="Path">The task's position.</param>
public readonly record struct LedgerKey(string WorkflowId, string? Shard, string Path);
