namespace Microsoft.DurableTask;

/// <summary>The name of an orchestrator, activity or entity. Comparison ignores case.</summary>
public readonly struct TaskName : IEquatable<TaskName>
{
    /// <summary>Makes a name; null makes the default value, whose <see cref="Name"/> is null.</summary>
    public TaskName(string name) => Name = name;

    /// <summary>The text of the name, in the case it was given.</summary>
    public string Name { get; }

    /// <summary>Always empty: versions travel as <see cref="TaskVersion"/>.</summary>
    [Obsolete("Refer to TaskVersion instead.")]
    public string Version => string.Empty;

    /// <summary>The name as text.</summary>
    public static implicit operator string(TaskName value) => value.Name;

    /// <summary>A name from text; null and empty text give the default value.</summary>
    public static implicit operator TaskName(string value) => string.IsNullOrEmpty(value) ? default : new(value);

    /// <summary>Equality without regard to case.</summary>
    public static bool operator ==(TaskName a, TaskName b) => a.Equals(b);

    /// <summary>Inequality without regard to case.</summary>
    public static bool operator !=(TaskName a, TaskName b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <summary>The text of the name, empty for the default value.</summary>
    public override string ToString() => Name ?? string.Empty;
}
