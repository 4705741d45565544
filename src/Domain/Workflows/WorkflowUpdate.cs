using System.Text.Json;

namespace Chard.Domain.Workflows;

/// <summary>What an orchestrator reports of its workflow. Null parts leave what the row has.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Status">Its status from now on.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Result">What it gave.</param>
public sealed record WorkflowUpdate(
    string Id,
    WorkflowStatus Status,
    WorkflowProgress? Progress = null,
    WorkflowError? Error = null,
    JsonElement? Result = null);
