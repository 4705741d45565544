namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Where an orchestration is asked about and told things over HTTP. The worker's serializer writes the names as they are declared here.
/// </summary>
public class HttpManagementPayload
{
    public string? Id { get; internal init; }

    public string? PurgeHistoryDeleteUri { get; internal init; }

    /// <summary>Always null, as in the real extension.</summary>
    public string? RestartPostUri { get; internal init; }

    public string? ResumePostUri { get; internal init; }

    /// <summary>Always null, as in the real extension.</summary>
    public string? RewindPostUri { get; internal init; }

    public string? SendEventPostUri { get; internal init; }

    public string? StatusQueryGetUri { get; internal init; }

    public string? SuspendPostUri { get; internal init; }

    public string? TerminatePostUri { get; internal init; }
}
