using Chard.Domain.Workflows;

namespace Chard.Testing;

/// <summary>A workflow of a test came to another end than it was to, or waits for an operator.</summary>
public sealed class WorkflowFailedException(string message, string id, WorkflowStatus status, string? code) : Exception(message)
{
    /// <summary>The workflow's id.</summary>
    public string Id { get; } = id;

    /// <summary>Where it stands.</summary>
    public WorkflowStatus Status { get; } = status;

    /// <summary>The failure's stable code: the workflow's, or its open dead letter's where it is parked. Null for none.</summary>
    public string? Code { get; } = code;
}
