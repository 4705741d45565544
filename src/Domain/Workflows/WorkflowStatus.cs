using System.Text.Json.Serialization;
using Chard.Domain.Json;

namespace Chard.Domain.Workflows;

/// <summary>Where a workflow stands, as its user sees it. Written in JSON and in Table storage as the camelCase name.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<WorkflowStatus>))]
public enum WorkflowStatus
{
    /// <summary>Accepted; its orchestrator has not run yet.</summary>
    Queued,

    /// <summary>Its orchestrator is at work.</summary>
    Running,

    /// <summary>A task failed for good and waits for an operator; the rest goes on.</summary>
    Parked,

    /// <summary>An operator paused it; nothing new is started.</summary>
    Paused,

    /// <summary>Done; the result can be fetched. Final.</summary>
    Completed,

    /// <summary>Ended by a failure; the error says which. Final.</summary>
    Failed,

    /// <summary>Ended by a user. Final.</summary>
    Cancelled,

    /// <summary>Not finished in the time it was given. Final.</summary>
    Expired,
}
