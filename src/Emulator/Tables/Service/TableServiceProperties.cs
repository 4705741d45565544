namespace Azure.Data.Tables.Models;

/// <summary>The settings of an account's table service. What is null is left as it is.</summary>
public class TableServiceProperties
{
    public TableAnalyticsLoggingSettings Logging { get; set; }

    public TableMetrics HourMetrics { get; set; }

    public TableMetrics MinuteMetrics { get; set; }

    public IList<TableCorsRule> Cors { get; internal init; } = [];
}
