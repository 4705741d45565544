namespace Microsoft.DurableTask;

/// <summary>The version an orchestration runs as. Comparison ignores case; no version is the empty text.</summary>
public readonly struct TaskVersion : IEquatable<TaskVersion>
{
    /// <summary>No version.</summary>
    public static readonly TaskVersion Unversioned = new(string.Empty);

    private readonly string? version;

    /// <summary>Makes a version; null means none.</summary>
    public TaskVersion(string? version) => this.version = version;

    /// <summary>The text of the version, empty when there is none.</summary>
    public string Version => version ?? string.Empty;

    /// <summary>The version as text.</summary>
    public static implicit operator string(TaskVersion value) => value.Version;

    /// <summary>A version from text; null means none.</summary>
    public static implicit operator TaskVersion(string? value) => new(value);

    /// <summary>Equality without regard to case.</summary>
    public static bool operator ==(TaskVersion a, TaskVersion b) => a.Equals(b);

    /// <summary>Inequality without regard to case.</summary>
    public static bool operator !=(TaskVersion a, TaskVersion b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(TaskVersion other) => string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Version);
}
