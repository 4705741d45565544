namespace Chard.Domain.Ledger;

/// <summary>Where the row of a task is.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Shard">Part of the workflow's ledger; null for the workflow's own.</param>
/// <param name="Path">The task's position.</param>
public readonly record struct LedgerKey(string WorkflowId, string? Shard, string Path)
{
    /// <summary>
    /// The partition: the workflow's id, and with a shard <c>{id}.{shard}</c>. A dot is in no id, so the partitions of a workflow are
    /// its own and the range from <c>{id}.</c> to <c>{id}/</c>.
    /// </summary>
    public string Partition => Shard is null ? WorkflowId : $"{WorkflowId}.{Shard}";
}
