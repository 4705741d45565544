namespace Chard.Domain.Tasks;

/// <summary>
/// What a node of a canvas, or a call in code, says of all tasks in it. Null parts leave what the nodes around it say, and in the end
/// what the policy of the task says. Carried whole from the document to the call: a new option is a member here, read and checked.
/// </summary>
public record NodeOptions
{
    /// <summary>Says nothing.</summary>
    public static NodeOptions None { get; } = new();

    /// <summary>Other numbers for retries.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>What becomes of the workflow when a task has failed for good.</summary>
    public OnExhausted? OnExhausted { get; init; }

    /// <summary>Which workers run the tasks.</summary>
    public TaskRoute? Route { get; init; }

    /// <summary>
    /// Key of the limit that each try takes a place under, in place of the policy's. A key that no setting defines limits nothing,
    /// and the log says so.
    /// </summary>
    public string? Limit { get; init; }

    /// <summary>Tasks that one activity may run side by side, in place of the policy's; 1 for never.</summary>
    public int? Pack { get; init; }

    /// <summary>Seconds after which a pack begins no more tasks, in place of the policy's.</summary>
    public double? PackSeconds { get; init; }

    /// <summary>Labels beside those around it and the workflow's, up to 16 together; null for none.</summary>
    public IReadOnlyList<string>? Stamps { get; init; }

    /// <summary>These options within those of <paramref name="outer"/>: the inner ones win, and labels add up.</summary>
    public NodeOptions Over(NodeOptions outer)
    {
        ArgumentNullException.ThrowIfNull(outer);
        return new()
        {
            Retry = Retry?.Over(outer.Retry) ?? outer.Retry,
            OnExhausted = OnExhausted ?? outer.OnExhausted,
            Route = Route ?? outer.Route,
            Limit = Limit ?? outer.Limit,
            Pack = Pack ?? outer.Pack,
            PackSeconds = PackSeconds ?? outer.PackSeconds,
            Stamps = Stamps is null ? outer.Stamps : Identity.Stamps.Union(outer.Stamps, Stamps),
        };
    }

    /// <summary><paramref name="policy"/> with what these options say.</summary>
    public TaskPolicy Apply(TaskPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return (Retry?.Apply(policy) ?? policy) with
        {
            OnExhausted = OnExhausted ?? policy.OnExhausted,
            Route = Route ?? policy.Route,
            Limit = Limit ?? policy.Limit,
            Pack = Pack ?? policy.Pack,
            PackSeconds = PackSeconds ?? policy.PackSeconds,
        };
    }
}
