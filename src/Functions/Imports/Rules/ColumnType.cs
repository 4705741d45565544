using System.Text.Json.Serialization;

namespace Chard.Functions.Imports.Rules;

/// <summary>What a column of an imported table holds. Any column also takes NULL, which an empty cell is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))]
public enum ColumnType
{
    /// <summary>Any text.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>A signed 64-bit integer.</summary>
    [JsonStringEnumMemberName("integer")]
    Integer,

    /// <summary>
    /// A double, of numbers of at most 15 significant digits; the decimal sign is a point, there are no thousands separators.
    /// </summary>
    [JsonStringEnumMemberName("real")]
    Real,

    /// <summary>An ISO 8601 date without a time.</summary>
    [JsonStringEnumMemberName("date")]
    Date,

    /// <summary>An ISO 8601 date and time without an offset: what a clock on the wall shows, to the microsecond.</summary>
    [JsonStringEnumMemberName("timestamp")]
    Timestamp,

    /// <summary>
    /// An ISO 8601 date and time with an offset: a moment, kept in UTC, to the microsecond. Never inferred, for its offset is not kept.
    /// </summary>
    [JsonStringEnumMemberName("timestamptz")]
    TimestampTz,
}
