namespace Azure.Data.Tables.Models;

/// <summary>Which metrics the service keeps.</summary>
public class TableMetrics(bool enabled)
{
    public string Version { get; set; }

    public bool Enabled { get; set; } = enabled;

    /// <summary>Whether each operation is counted by itself; must be set where metrics are on.</summary>
    public bool? IncludeApis { get; set; }

    public TableRetentionPolicy RetentionPolicy { get; set; }
}
