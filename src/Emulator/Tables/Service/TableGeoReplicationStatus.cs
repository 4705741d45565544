using System.ComponentModel;

namespace Azure.Data.Tables.Models;

/// <summary>The state of the copy in the other region. Letter case does not count.</summary>
public readonly struct TableGeoReplicationStatus(string value) : IEquatable<TableGeoReplicationStatus>
{
    private readonly string value = value ?? throw new ArgumentNullException(nameof(value));

    public static TableGeoReplicationStatus Live { get; } = new("live");

    public static TableGeoReplicationStatus Bootstrap { get; } = new("bootstrap");

    public static TableGeoReplicationStatus Unavailable { get; } = new("unavailable");

    public static bool operator ==(TableGeoReplicationStatus left, TableGeoReplicationStatus right) => left.Equals(right);

    public static bool operator !=(TableGeoReplicationStatus left, TableGeoReplicationStatus right) => !left.Equals(right);

    public static implicit operator TableGeoReplicationStatus(string value) => new(value);

    public bool Equals(TableGeoReplicationStatus other) => string.Equals(value, other.value, StringComparison.OrdinalIgnoreCase);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object obj) => obj is TableGeoReplicationStatus other && Equals(other);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(value);

    public override string ToString() => value;
}
