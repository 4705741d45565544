namespace Microsoft.DurableTask.Client.Entities;

/// <summary>Which entities to list.</summary>
public record EntityQuery
{
    /// <summary>The size of a page when none is given.</summary>
    public const int DefaultPageSize = 100;

    private readonly string? prefix;

    /// <summary>With ids that begin so, as "@name@key"; a missing '@' in front is added.</summary>
    public string? InstanceIdStartsWith
    {
        get => prefix;
        init => prefix = Normalize(value);
    }

    /// <summary>Written at this time or later.</summary>
    public DateTimeOffset? LastModifiedFrom { get; init; }

    /// <summary>Written at this time or earlier.</summary>
    public DateTimeOffset? LastModifiedTo { get; init; }

    /// <summary>Whether to read the states; default true.</summary>
    public bool IncludeState { get; init; } = true;

    /// <summary>Whether to list entities that hold no state; default false.</summary>
    public bool IncludeTransient { get; init; }

    /// <summary>The most entities in a page; null leaves it to the engine.</summary>
    public int? PageSize { get; init; }

    /// <summary>Where to begin; null at the first page.</summary>
    public string? ContinuationToken { get; init; }

    private static string? Normalize(string? value)
    {
        if (value is null)
        {
            return null;
        }

        // The name's part of an id is in lower case, the key's as given.
        var text = value.StartsWith('@') ? value : "@" + value;
        var key = text.IndexOf('@', 1);
#pragma warning disable CA1308 // Lower case is part of the id's text form.
        return key < 0 ? text.ToLowerInvariant() : text[..key].ToLowerInvariant() + text[key..];
#pragma warning restore CA1308
    }
}
