namespace Microsoft.DurableTask.Client;

/// <summary>Which instances to list.</summary>
/// <param name="CreatedFrom">Started at this time or later.</param>
/// <param name="CreatedTo">Started at this time or earlier.</param>
/// <param name="Statuses">In one of these states; null for all.</param>
/// <param name="TaskHubNames">Of one of these task hubs; where there is one hub it is not regarded.</param>
/// <param name="InstanceIdPrefix">With ids that begin so.</param>
/// <param name="PageSize">The most instances in a page.</param>
/// <param name="FetchInputsAndOutputs">Whether to read inputs, outputs, custom status and failure.</param>
/// <param name="ContinuationToken">Where to begin; null at the first page.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>The default of <see cref="PageSize"/>.</summary>
    public const int DefaultPageSize = 100;
}
