namespace Chard.Domain.Tasks;

/// <summary>What one call of a task wants different from the task's policy. Null parts leave what the policy says.</summary>
public sealed record TaskCallOptions : NodeOptions
{
    /// <summary>Longest key, in characters: what most payment APIs take.</summary>
    public const int MaxKeyLength = 255;

    /// <summary>What a key is, to end a sentence with: it goes into headers of HTTP.</summary>
    public static readonly string KeyRule = $"1 to {MaxKeyLength} printable ASCII characters.";

    /// <summary>True if <paramref name="key"/> will do as a key.</summary>
    public static bool IsKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length is > 0 and <= MaxKeyLength && !key.AsSpan().ContainsAnyExceptInRange(' ', '~');
    }

    /// <summary>Nothing different.</summary>
    public TaskCallOptions()
    {
    }

    /// <summary>What the nodes around the call say.</summary>
    public TaskCallOptions(NodeOptions nodes)
        : base(nodes)
    {
    }

    /// <summary>
    /// Position in the workflow; null for the next one of the workflow's counter. Must be one of its own, <see cref="TaskPath"/>.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// The key to hand to other systems, such as <c>charge-1234-1999</c>: up to 255 characters; null for one made of workflow and path.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Seconds one try may take.</summary>
    public double? TimeLimitSeconds { get; init; }

    /// <summary>When the work has to be done whatever the try, UTC.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Part of the workflow's ledger to use; null for the workflow's own.</summary>
    public string? Shard { get; init; }
}
