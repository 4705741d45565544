using System.Text.Json.Serialization;

namespace Chard.Domain.Imports;

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

    /// <summary>A double; the decimal sign is a point, there are no thousands separators.</summary>
    [JsonStringEnumMemberName("real")]
    Real,

    /// <summary>An ISO 8601 date or date-time; a time without an offset is UTC.</summary>
    [JsonStringEnumMemberName("date")]
    Date,
}
