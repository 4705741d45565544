namespace Azure.Data.Tables;

/// <summary>For how long logs or metrics are kept.</summary>
public class TableRetentionPolicy(bool enabled)
{
    public bool Enabled { get; set; } = enabled;

    /// <summary>1 to 365; null where the policy is off.</summary>
    public int? Days { get; set; }
}
